// Made from the server's schemas by packages/server/test/openapi: do not edit by hand.
export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * @example {
         *       "ready": false,
         *       "reason": "models are loading"
         *     }
         */
        Readiness: {
            ready: boolean;
            /** @description What is being waited for; absent when ready. */
            reason?: string;
        };
        /**
         * @example {
         *       "id": "0198c0de-5d0a-7c3e-9d6e-0f4f0f6b9a11",
         *       "wire": "stream",
         *       "principal": "web",
         *       "address": "192.0.2.7",
         *       "startedAt": "2026-01-31T12:00:00.000Z",
         *       "language": "en",
         *       "speaking": true,
         *       "audioMs": 61500,
         *       "lastText": "and that is all for today."
         *     }
         */
        Session: {
            id: string;
            /** @description What it comes over: stream, realtimestt or openai-realtime. */
            wire: string;
            principal: string;
            address: string;
            /** Format: date-time */
            startedAt: string;
            /** @description ISO 639-1 code or auto. */
            language: string;
            /** @description Whether an utterance is open. */
            speaking: boolean;
            /** @description Audio received, milliseconds. */
            audioMs: number;
            /** @description The end of what was recognised last; empty when nothing was yet. */
            lastText: string;
        };
        /**
         * @example {
         *       "error": {
         *         "message": "temperature is \"3\": pass a number from 0 to 1.",
         *         "type": "invalid_request_error",
         *         "param": "temperature",
         *         "code": "invalid_argument"
         *       }
         *     }
         */
        Error: {
            error: {
                /** @description One sentence: what happened, with which value, what to do. */
                message: string;
                /**
                 * @description Whether the request has to change, or the server failed or has no place for now.
                 * @enum {string}
                 */
                type: "invalid_request_error" | "server_error";
                /** @description The field of the request that was wrong. */
                param: string | null;
                /** @description Stable; docs/protocol.md lists the codes. */
                code: string;
            };
        };
        /**
         * @example {
         *       "ready": true,
         *       "sessions": 12,
         *       "speaking": 3,
         *       "capacity": 50,
         *       "load": 0.24,
         *       "lanes": 2,
         *       "running": 1,
         *       "queued": 0,
         *       "finalWaitMs": 0
         *     }
         */
        Load: {
            ready: boolean;
            /** @description Why it is not ready. */
            reason?: string;
            /** @description Open sessions. */
            sessions: number;
            /** @description Sessions with an open utterance. */
            speaking: number;
            /** @description Sessions that can be served at the same time: MAX_SESSIONS, or how many may speak at once; null while nothing was measured. */
            capacity: number | null;
            /** @description Share of the capacity in use. */
            load: number;
            lanes: number;
            running: number;
            queued: number;
            /** @description Smoothed time that finals waited for a lane lately, milliseconds. */
            finalWaitMs: number;
        };
        /**
         * @description A model that is there or can be fetched.
         * @example {
         *       "name": "medium",
         *       "bytes": 1533763059,
         *       "usedFor": [
         *         "final"
         *       ],
         *       "installed": true
         *     }
         */
        CatalogModel: {
            name: string;
            /** @description Of its file; absent for the built-in model. */
            bytes?: number;
            /** @description What it is loaded for now. */
            usedFor: ("final" | "partial")[];
            installed: boolean;
            /** @description Memory that it takes, about. */
            memoryBytes?: number;
            /** @description What it costs on this machine; absent where nothing is known. */
            cost?: {
                /** @description Compute time of finals for each second of speech. */
                realtimeFactor: number;
                /** @description Whether people spoke with it since the start; otherwise it is estimated by the one in use. */
                measured: boolean;
                /** @description How many may speak at once; 0 where even one is too much. */
                speakers: number;
            };
            pull?: components["schemas"]["ModelPull"];
        };
        /**
         * @description The download that was last asked for.
         * @example {
         *       "name": "small",
         *       "state": "downloading",
         *       "receivedBytes": 1048576,
         *       "totalBytes": 487601967,
         *       "message": "downloading small: 0 %"
         *     }
         */
        ModelPull: {
            name: string;
            /** @enum {string} */
            state: "downloading" | "waiting" | "retrying" | "checking" | "done" | "failed";
            receivedBytes: number;
            totalBytes?: number;
            /** @description One sentence for a person. */
            message: string;
            /** @description Why it failed; the codes are those of errors. */
            code?: string;
        };
        /**
         * @example {
         *       "final": "medium",
         *       "partial": "tiny"
         *     }
         */
        ActiveModels: {
            final: string;
            partial: string;
        };
        /**
         * @example {
         *       "id": "medium",
         *       "object": "model",
         *       "created": 1760000000,
         *       "owned_by": "stt-server"
         *     }
         */
        Model: {
            id: string;
            /** @enum {string} */
            object: "model";
            /** @description Seconds since 1970. */
            created: number;
            owned_by: string;
        };
        /**
         * @description response_format=json
         * @example {
         *       "text": "Good morning.",
         *       "usage": {
         *         "type": "duration",
         *         "seconds": 2
         *       }
         *     }
         */
        Transcription: {
            text: string;
            usage: components["schemas"]["Usage"];
        };
        /**
         * @description What OpenAI bills by: whole seconds of audio.
         * @example {
         *       "type": "duration",
         *       "seconds": 5
         *     }
         */
        Usage: {
            /** @enum {string} */
            type: "duration";
            seconds: number;
        };
        /** @description response_format=verbose_json */
        VerboseTranscription: {
            /** @enum {string} */
            task: "transcribe" | "translate";
            /** @description Its English name, in lower case. */
            language: string;
            /** @description Seconds. */
            duration: number;
            text: string;
            segments?: components["schemas"]["Segment"][];
            words?: components["schemas"]["Word"][];
            usage: components["schemas"]["Usage"];
        };
        Segment: {
            id: number;
            /** @description Start of the audio that was decoded for it, in frames of 10 ms. */
            seek: number;
            /** @description Seconds. */
            start: number;
            end: number;
            text: string;
            /** @description Always empty. */
            tokens: number[];
            temperature: number;
            avg_logprob: number;
            compression_ratio: number;
            no_speech_prob: number;
        };
        /**
         * @example {
         *       "word": "morning.",
         *       "start": 0.44,
         *       "end": 0.9
         *     }
         */
        Word: {
            word: string;
            start: number;
            end: number;
        };
        /**
         * @example {
         *       "type": "transcript.text.delta",
         *       "delta": "Good morning."
         *     }
         */
        TranscriptionEvent: {
            /** @enum {string} */
            type: "transcript.text.delta";
            delta: string;
        } | {
            /** @enum {string} */
            type: "transcript.text.done";
            text: string;
            usage: components["schemas"]["Usage"];
        } | components["schemas"]["Error"];
        /** @description output=json */
        AsrAnswer: {
            text: string;
            /** @description ISO 639-1 code. */
            language: string;
            segments: (components["schemas"]["Segment"] & {
                words?: {
                    word: string;
                    start: number;
                    end: number;
                    probability: number;
                }[];
            })[];
        };
        /** @description As FastAPI writes failures, which the first server of this wire was made with. */
        AsrError: {
            detail: string | {
                type: string;
                loc: string[];
                msg: string;
                input?: unknown;
            }[];
        };
        /**
         * @description Empty when nobody speaks.
         * @example {
         *       "detected_language": "english",
         *       "language_code": "en",
         *       "confidence": 0.98
         *     }
         */
        DetectedLanguage: {
            /** @description English name, in lower case. */
            detected_language?: string;
            language_code?: string;
            /** @description 0 to 1. */
            confidence?: number;
        };
        /** @description response_format=json and verbose_json */
        InferenceAnswer: {
            text: string;
        } | {
            /** @enum {string} */
            task: "transcribe" | "translate";
            /** @description Its English name, in lower case. */
            language: string;
            /** @description Seconds. */
            duration: number;
            text: string;
            segments: (components["schemas"]["Segment"] & {
                words?: {
                    word: string;
                    start: number;
                    end: number;
                    probability: number;
                }[];
            })[];
            detected_language: string;
            detected_language_probability: number;
        };
        /**
         * @example {
         *       "error": "What is wrong."
         *     }
         */
        InferenceError: {
            error: string;
        };
        /** @description As Deepgram's API gives it. */
        DeepgramTranscription: {
            metadata: {
                /** @enum {string} */
                transaction_key: "deprecated";
                request_id: string;
                sha256: string;
                created: string;
                duration: number;
                channels: number;
                models: string[];
                model_info: {
                    [key: string]: {
                        name: string;
                        version: string;
                        arch: string;
                    };
                };
                warnings?: {
                    parameter: string;
                    /** @enum {string} */
                    type: "ignored" | "adjusted";
                    message: string;
                }[];
            };
            results: {
                channels: {
                    alternatives: {
                        transcript: string;
                        /** @description Mean probability of a token, 0 to 1. */
                        confidence: number;
                        languages?: string[];
                        words: {
                            /** @description In lower case, without punctuation. */
                            word: string;
                            /** @description Seconds. */
                            start: number;
                            end: number;
                            confidence: number;
                            punctuated_word?: string;
                            language?: string;
                        }[];
                        paragraphs?: {
                            transcript: string;
                            paragraphs: {
                                sentences: {
                                    text: string;
                                    start: number;
                                    end: number;
                                }[];
                                num_words: number;
                                start: number;
                                end: number;
                            }[];
                        };
                    }[];
                    detected_language?: string;
                }[];
                utterances?: {
                    start: number;
                    end: number;
                    confidence: number;
                    /** @enum {number} */
                    channel: 0;
                    transcript: string;
                    words: {
                        /** @description In lower case, without punctuation. */
                        word: string;
                        /** @description Seconds. */
                        start: number;
                        end: number;
                        confidence: number;
                        punctuated_word?: string;
                        language?: string;
                    }[];
                    id: string;
                }[];
            };
        };
        /**
         * @example {
         *       "err_code": "INVALID_QUERY_PARAMETER",
         *       "err_msg": "What is wrong.",
         *       "request_id": "..."
         *     }
         */
        DeepgramError: {
            err_code: string;
            err_msg: string;
            request_id: string;
        };
        /** @description Samples, oldest first: `at` and every series have the same length. */
        History: {
            stepMs: number;
            capacity: number;
            /** @description Milliseconds since 1970. */
            at: number[];
            /** @description Null where there was nothing to measure. */
            series: {
                sessions: (number | null)[];
                speaking: (number | null)[];
                capacity: (number | null)[];
                load: (number | null)[];
                queued: (number | null)[];
                finalWaitMs: (number | null)[];
                realtimeFactor: (number | null)[];
                finalLatencyMs: (number | null)[];
                firstPartialMs: (number | null)[];
                serverCpu: (number | null)[];
                inferenceCpu: (number | null)[];
                serverRssBytes: (number | null)[];
                inferenceRssBytes: (number | null)[];
                gpuUsedBytes: (number | null)[];
                gpuTotalBytes: (number | null)[];
                gpuUtilisation: (number | null)[];
            };
        };
        /** @description Event status. */
        Status: {
            /** @enum {string} */
            state: "ready" | "not_ready" | "draining";
            /** @description Newcomers are refused. */
            full: boolean;
            uptimeMinutes: number;
            load: components["schemas"]["Load"];
            /** @description Null while they load. */
            models: {
                final: components["schemas"]["Engine"];
                partial: components["schemas"]["Engine"];
            } | null;
            switchesModels: boolean;
            /** @description Models that were switched to and are not what a restart takes; in .env these lines keep them. */
            lostAtRestart: {
                variable: string;
                value: string;
            }[];
            keepsLog: boolean;
            /** @description Whether its history will be there after a restart. */
            keepsHistory: boolean;
            /** @description From which value on a figure is worth a look, and from which it is bad. */
            thresholds: {
                load: components["schemas"]["Threshold"];
                finalLatencyMs: components["schemas"]["Threshold"];
                firstPartialMs: components["schemas"]["Threshold"];
                realtimeFactor: components["schemas"]["Threshold"];
            };
            advice: components["schemas"]["Advice"];
        };
        /**
         * @example {
         *       "name": "whisper.cpp",
         *       "model": "medium",
         *       "requestedDevice": "auto",
         *       "actualDevice": "cpu"
         *     }
         */
        Engine: {
            name: string;
            model: string;
            requestedDevice: string;
            actualDevice: string;
        };
        /**
         * @example {
         *       "busy": 1000,
         *       "bad": 3000
         *     }
         */
        Threshold: {
            busy: number;
            bad: number;
        };
        /**
         * @example {
         *       "verdict": "over",
         *       "speaking": 4,
         *       "speakers": 3,
         *       "finalP95Ms": 980,
         *       "finalWorstMs": 1200,
         *       "refused": 0,
         *       "maxSessions": 0,
         *       "remedies": [
         *         {
         *           "do": "use_model",
         *           "model": "base",
         *           "speakers": 9
         *         },
         *         {
         *           "do": "add_server"
         *         }
         *       ]
         *     }
         */
        Advice: {
            verdict: components["schemas"]["Verdict"];
            /** @description People who are speaking now. */
            speaking: number;
            /** @description How many may speak at once with this model; null while nothing was measured. */
            speakers: number | null;
            /** @description From the endpoint to the final in the last two minutes, milliseconds. */
            finalP95Ms: number | null;
            finalWorstMs: number | null;
            /** @description Sessions refused for want of a place in the last ten minutes. */
            refused: number;
            /** @description MAX_SESSIONS; 0 is none. */
            maxSessions: number;
            /** @description The GPU that stands idle. */
            gpu?: string;
            /** @description What can be done, the likeliest first. */
            remedies: components["schemas"]["Remedy"][];
        };
        /**
         * @description How it stands: the most pressing thing that is true.
         * @enum {string}
         */
        Verdict: "draining" | "not_ready" | "test_model" | "refusing" | "refusing_by_limit" | "too_slow" | "over" | "gpu_unused" | "gpu_missing" | "near" | "near_limit" | "late" | "comfortable" | "idle";
        Remedy: {
            /**
             * @description Finals with another model.
             * @enum {string}
             */
            do: "use_model";
            model: string;
            /** @description How many could speak at once with it, estimated. */
            speakers: number | null;
        } | {
            /**
             * @description A variable that can be changed now.
             * @enum {string}
             */
            do: "change";
            variable: string;
            value: string;
        } | {
            /**
             * @description A variable that takes a restart.
             * @enum {string}
             */
            do: "restart_with";
            variable: string;
            value: string;
        } | {
            /** @enum {string} */
            do: "build_for_gpu" | "add_server";
        };
        SessionsEvent: {
            sessions: components["schemas"]["Session"][];
        };
        ModelsEvent: {
            models: components["schemas"]["CatalogModel"][];
        };
        LogEvent: {
            lines: components["schemas"]["LogLine"][];
        };
        /**
         * @example {
         *       "seq": 17,
         *       "time": "2026-01-31T12:00:00.000Z",
         *       "level": "info",
         *       "message": "ready",
         *       "fields": {
         *         "port": 8011
         *       }
         *     }
         */
        LogLine: {
            seq: number;
            time: string;
            /** @enum {string} */
            level: "trace" | "debug" | "info" | "warn" | "error" | "fatal";
            message: string;
            fields: {
                [key: string]: unknown;
            };
        };
        Variables: {
            variables: components["schemas"]["Variable"][];
        };
        Variable: {
            name: string;
            /** @description As the environment would have it; null where it must not be shown. */
            value: string | null;
            default: string | null;
            unit: string | null;
            /** @description Whether it can be changed now. */
            live: boolean;
            group: string;
            groupTitle: {
                en: string;
                ru: string;
            };
            allowed: {
                en: string;
                ru: string;
            };
            doc: {
                en: string;
                ru: string;
            };
        };
        Keys: {
            keys: components["schemas"]["Key"][];
            /** @description Whether there is a file to keep keys in (API_KEYS_FILE). */
            canChange: boolean;
        };
        /**
         * @example {
         *       "name": "my-app",
         *       "scopes": [
         *         "transcribe"
         *       ],
         *       "created": "2026-01-31T12:00:00.000Z",
         *       "limits": {
         *         "sessions": 4
         *       },
         *       "origins": [],
         *       "fixed": false,
         *       "sessions": 1,
         *       "audioMinutesToday": 12.5
         *     }
         */
        Key: {
            name: string;
            scopes: ("transcribe" | "metrics" | "admin")[];
            /** @description ISO 8601; absent where nobody noted it. */
            created?: string;
            limits: components["schemas"]["KeyLimits"];
            /** @description The only pages that may use it; empty is any. */
            origins: string[];
            /** @description Of API_KEYS: changed there, with a restart. */
            fixed: boolean;
            /** @description Open now. */
            sessions: number;
            /** @description Since midnight in UTC, or the start of this server. */
            audioMinutesToday: number;
        };
        /**
         * @description 0 is no limit; what is left out goes by the KEY_ variables.
         * @example {
         *       "sessions": 4
         *     }
         */
        KeyLimits: {
            /** @description At the same time. */
            sessions?: number;
            requestsPerMinute?: number;
            audioMinutesPerDay?: number;
        };
        MadeKey: {
            name: string;
            /** @description Shown this once. */
            key: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type Readiness = components['schemas']['Readiness'];
export type Session = components['schemas']['Session'];
export type Error = components['schemas']['Error'];
export type Load = components['schemas']['Load'];
export type CatalogModel = components['schemas']['CatalogModel'];
export type ModelPull = components['schemas']['ModelPull'];
export type ActiveModels = components['schemas']['ActiveModels'];
export type Model = components['schemas']['Model'];
export type Transcription = components['schemas']['Transcription'];
export type Usage = components['schemas']['Usage'];
export type VerboseTranscription = components['schemas']['VerboseTranscription'];
export type Segment = components['schemas']['Segment'];
export type Word = components['schemas']['Word'];
export type TranscriptionEvent = components['schemas']['TranscriptionEvent'];
export type AsrAnswer = components['schemas']['AsrAnswer'];
export type AsrError = components['schemas']['AsrError'];
export type DetectedLanguage = components['schemas']['DetectedLanguage'];
export type InferenceAnswer = components['schemas']['InferenceAnswer'];
export type InferenceError = components['schemas']['InferenceError'];
export type DeepgramTranscription = components['schemas']['DeepgramTranscription'];
export type DeepgramError = components['schemas']['DeepgramError'];
export type History = components['schemas']['History'];
export type Status = components['schemas']['Status'];
export type Engine = components['schemas']['Engine'];
export type Threshold = components['schemas']['Threshold'];
export type Advice = components['schemas']['Advice'];
export type Verdict = components['schemas']['Verdict'];
export type Remedy = components['schemas']['Remedy'];
export type SessionsEvent = components['schemas']['SessionsEvent'];
export type ModelsEvent = components['schemas']['ModelsEvent'];
export type LogEvent = components['schemas']['LogEvent'];
export type LogLine = components['schemas']['LogLine'];
export type Variables = components['schemas']['Variables'];
export type Variable = components['schemas']['Variable'];
export type Keys = components['schemas']['Keys'];
export type Key = components['schemas']['Key'];
export type KeyLimits = components['schemas']['KeyLimits'];
export type MadeKey = components['schemas']['MadeKey'];
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
