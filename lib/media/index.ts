export { allOrNone } from './all-or-none';
export { ClipError, stoppedError, throwIfStopped, withDeadline, type ClipErrorCode } from './clip-error';
export { contentHash } from './content-hash';
export type { ProbeOptions } from './ffprobe';
export { findFfmpeg, findFfprobe, type BinarySearch, type FoundBinary } from './find-binaries';
export { findPackageFolder } from './find-package';
export { loudnessFilter, loudnessMeter, measureLoudness, parseLoudness, type Loudness } from './loudness';
export { pictureTimes } from './picture-times';
export { packetTimes } from './packet-times';
export { readPictureSize, type PictureSize } from './picture-size';
export { plainEnvironment } from './plain-environment';
export { probe, type AudioFacts, type MediaFacts, type VideoFacts } from './probe';
export {
	PublicAddressError,
	publicFolder,
	type PublicAddress,
	type PublicFile,
	type PublicFolderOptions,
} from './public-address';
export type { EgressRules } from './remote-answer';
export { fetchRemoteFile, type RemoteFile, type RemoteFileOptions } from './remote-file';
export { RemoteFileError, type RemoteFileErrorCode } from './remote-file-error';
export { runFfmpeg, type FfmpegInput, type FfmpegRun } from './run-ffmpeg';
export { findSilences, type SilentSpan } from './silence';
export { sniffFile } from './sniff-type';
export { encodingTurns } from './turns';
export { hardwareEncoder, videoEncoding, type VideoEncoder } from './video-encoder';
export { prepareOutputFolder, writeWhole } from './write-whole';
