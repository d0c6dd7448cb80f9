/** What the vendored modules offer to ours; they themselves are not checked. Types only; nothing of this file is served. */

declare module "*/vendor/idb-8.0.4/index.js" {
  export interface IDBPIndex {
    count(key: string): Promise<number>;
    get(key: string): Promise<any>;
  }
  export interface IDBPObjectStore {
    add(row: unknown): Promise<unknown>;
    put(row: unknown, key?: string): Promise<unknown>;
    index(name: string): IDBPIndex;
    createIndex(name: string, path: string, options?: IDBIndexParameters): unknown;
  }
  export interface IDBPTransaction {
    readonly done: Promise<void>;
    readonly store: IDBPObjectStore;
    objectStore(name: string): IDBPObjectStore;
  }
  export interface IDBPDatabase {
    createObjectStore(name: string, options?: IDBObjectStoreParameters): IDBPObjectStore;
    transaction(stores: string | string[], mode?: IDBTransactionMode, options?: IDBTransactionOptions): IDBPTransaction;
    getAllFromIndex(store: string, index: string, key: string, limit?: number): Promise<any[]>;
    get(store: string, key: string): Promise<any>;
    put(store: string, value: unknown, key?: string): Promise<unknown>;
  }
  export function openDB(
    name: string, version: number, callbacks: { upgrade(database: IDBPDatabase): void },
  ): Promise<IDBPDatabase>;
}

declare module "*/vendor/barcode-detector-3.2.2/ponyfill.js" {
  export class BarcodeDetector {
    constructor(options: { formats: string[] });
    detect(source: HTMLVideoElement): Promise<{ rawValue: string }[]>;
  }
  export function prepareZXingModule(options: { overrides: { locateFile(path: string, prefix: string): string } }): void;
}
