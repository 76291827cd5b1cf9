export { ClipError, type ClipErrorCode } from '../media';
export { captionStyleNames } from './captions/caption-styles';
export { subtitleFormats } from './captions/subtitle-text';
export { chooseClips, type ChosenClip } from './choose-clips';
export { concatenate } from './concatenate';
export { defaults as extractDefaults } from './extract-checks';
export {
	extractClips,
	type Clip,
	type ExtractOptions,
	type ExtractProgress,
	type ExtractResult,
} from './extract-clips';
export { aspects } from './framing/aspect';
export type { ClipLook } from './make-clip';
export type { ChatModel } from './model-choice/chat-model';
export { renderForPlatforms, type PlatformFile } from './render-for-platforms';
export { renderSpan } from './render-span';
export { readSubtitleFile } from './subtitle-file';
export { makeThumbnail } from './thumbnail';
export { withWorkFolder } from './work-folder';
export { transcribeVideo, type TranscribedVideo } from './transcribe-video';
export { transcriptionMethods, type Sentence, type TimedWord, type Transcript } from './transcript';
export type { TranscriptionMethod } from './transcript';
export type { TranscriptionChoice } from './transcribe';
export type { TranscriptionService } from './speech/remote-service';
export { readTranscript } from './words-json';
