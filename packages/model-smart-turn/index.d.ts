/** The model's name and version. */
export declare const name: "smart-turn-v3.2";
/** Absolute path of the ONNX file. */
export declare const path: string;
/** Size of the file in bytes. */
export declare const sizeBytes: number;
/** SHA-256 of the file, hexadecimal. */
export declare const sha256: string;
