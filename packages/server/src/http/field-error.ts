import { SttError, type SttErrorCode } from "@stt/core";

/** A request with a wrong field, named by `param`. */
export class FieldError extends SttError {
  readonly param: string;

  constructor(param: string, message: string, code: SttErrorCode = "invalid_argument") {
    super(code, message);
    this.param = param;
  }
}
