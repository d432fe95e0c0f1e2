// Globals of k6 that @types/k6 leaves to the DOM library. With `lib: ["es2023"]` and these, whatever k6 lacks (window, fetch,
// URL, Buffer, process) is an error in the editor. As a running k6 2.2.0 has them.

interface K6Console {
    log(...args: unknown[]): void;
    debug(...args: unknown[]): void;
    info(...args: unknown[]): void;
    warn(...args: unknown[]): void;
    error(...args: unknown[]): void;
}

declare const console: K6Console;

declare function setTimeout(callback: (...args: any[]) => void, delay?: number, ...args: any[]): number;
declare function clearTimeout(id?: number): void;
declare function setInterval(callback: (...args: any[]) => void, delay?: number, ...args: any[]): number;
declare function clearInterval(id?: number): void;

declare class TextEncoder {
    readonly encoding: string;
    encode(input?: string): Uint8Array;
}

declare class TextDecoder {
    constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
    readonly encoding: string;
    readonly fatal: boolean;
    readonly ignoreBOM: boolean;
    decode(input?: ArrayBuffer | ArrayBufferView, options?: { stream?: boolean }): string;
}

interface K6CryptoKey {
    readonly type: string;
    readonly extractable: boolean;
    readonly algorithm: any;
    readonly usages: string[];
}

interface K6SubtleCrypto {
    decrypt(algorithm: any, key: K6CryptoKey, data: ArrayBuffer | ArrayBufferView): Promise<ArrayBuffer>;
    deriveBits(algorithm: any, baseKey: K6CryptoKey, length: number): Promise<ArrayBuffer>;
    digest(algorithm: any, data: ArrayBuffer | ArrayBufferView): Promise<ArrayBuffer>;
    encrypt(algorithm: any, key: K6CryptoKey, data: ArrayBuffer | ArrayBufferView): Promise<ArrayBuffer>;
    exportKey(format: string, key: K6CryptoKey): Promise<any>;
    generateKey(algorithm: any, extractable: boolean, usages: string[]): Promise<any>;
    importKey(format: string, keyData: any, algorithm: any, extractable: boolean, usages: string[]): Promise<K6CryptoKey>;
    sign(algorithm: any, key: K6CryptoKey, data: ArrayBuffer | ArrayBufferView): Promise<ArrayBuffer>;
    verify(algorithm: any, key: K6CryptoKey, signature: ArrayBuffer | ArrayBufferView, data: ArrayBuffer | ArrayBufferView): Promise<boolean>;
}

declare const crypto: {
    readonly subtle: K6SubtleCrypto;
    getRandomValues<T extends ArrayBufferView>(array: T): T;
    randomUUID(): string;
};

// Files that are imported as text: `import words from './words.txt'`, and with `with { type: 'text' }` the others.
declare module '*.txt' {
    const text: string;
    export default text;
}
declare module '*.csv' {
    const text: string;
    export default text;
}
declare module '*.xml' {
    const text: string;
    export default text;
}
declare module '*.html' {
    const text: string;
    export default text;
}
declare module '*.graphql' {
    const text: string;
    export default text;
}
declare module '*.sql' {
    const text: string;
    export default text;
}
declare module '*.md' {
    const text: string;
    export default text;
}
declare module '*.pem' {
    const text: string;
    export default text;
}

// Modules from addresses are `any`, unless a declaration of the project says more of one.
declare module 'https://*';
declare module 'http://*';
