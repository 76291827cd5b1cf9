export { ClipError, type ClipErrorCode } from '../media';
export { defaults as extractDefaults } from './extract-checks';
export {
	extractClips,
	type Clip,
	type ExtractOptions,
	type ExtractProgress,
	type ExtractResult,
} from './extract-clips';
export { transcriptionMethods, type Sentence, type TimedWord, type Transcript } from './transcript';
export type { TranscriptionMethod } from './transcript';
export type { TranscriptionChoice } from './transcribe';
export type { TranscriptionService } from './speech/remote-service';
