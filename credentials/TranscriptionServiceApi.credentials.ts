import type {
	IAuthenticateGeneric,
	Icon,
	ICredentialTestRequest,
	ICredentialType,
	INodeProperties,
} from 'n8n-workflow';

/** Any service that answers like OpenAI's `POST /audio/transcriptions`, in the cloud or in the own house. */
export class TranscriptionServiceApi implements ICredentialType {
	name = 'transcriptionServiceApi';

	displayName = 'Transcription Service API';

	documentationUrl = 'https://platform.openai.com/docs/api-reference/audio/createTranscription';

	icon: Icon = {
		light: 'file:../nodes/ClipExtractor/clip-extractor.svg',
		dark: 'file:../nodes/ClipExtractor/clip-extractor.dark.svg',
	};

	properties: INodeProperties[] = [
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'https://api.openai.com/v1',
			required: true,
			description:
				'Everything before “/audio/transcriptions”. Works with OpenAI, speaches (faster-whisper), the whisper.cpp server, LocalAI and others.',
		},
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description: 'May stay empty for a service of your own that asks for none',
		},
		{
			displayName: 'Model',
			name: 'model',
			type: 'string',
			default: 'whisper-1',
			required: true,
			description: 'A model that can time its words, such as whisper-1',
		},
	];

	authenticate: IAuthenticateGeneric = {
		type: 'generic',
		properties: {
			headers: {
				Authorization: '={{ $credentials.apiKey ? "Bearer " + $credentials.apiKey : "" }}',
			},
		},
	};

	test: ICredentialTestRequest = {
		request: {
			baseURL: '={{ $credentials.baseUrl.replace(/\\/+$/, "") }}',
			url: '/models',
		},
	};
}
