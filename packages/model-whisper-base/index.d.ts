/** Whisper's name of the model. */
export declare const name: "base";
/** Absolute path of the ggml file. */
export declare const path: string;
/** Size of the file in bytes. */
export declare const sizeBytes: number;
/** SHA-256 of the file, hexadecimal. */
export declare const sha256: string;
