import { flag } from "../value-types.js";
import { variable } from "../variable.js";

/** Routes in the words of other servers. They ask for the same keys and have the same limits as our own. */
export const httpWireVariables = {
  asrWebserviceApi: variable({
    env: "ASR_WEBSERVICE_API",
    group: "wires",
    type: flag(),
    default: true,
    doc: {
      en: "POST /asr and POST /detect-language as whisper-asr-webservice and SubGen have them, for Bazarr.",
      ru: "POST /asr и POST /detect-language, как у whisper-asr-webservice и SubGen, для Bazarr.",
    },
  }),
  whisperCppApi: variable({
    env: "WHISPER_CPP_API",
    group: "wires",
    type: flag(),
    default: true,
    doc: {
      en: "POST /inference as the example server of whisper.cpp has it.",
      ru: "POST /inference, как у сервера из примеров whisper.cpp.",
    },
  }),
};
