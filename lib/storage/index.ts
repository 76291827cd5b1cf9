export { readS3Settings, type S3Settings } from './s3-settings';
export { s3Storage, type S3Storage } from './s3-storage';
export { StorageError } from './storage-error';
