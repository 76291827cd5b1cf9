// What others may use of the queue. Nothing here knows of n8n.
export { closePooledConnections, withConnection } from './connection-pool';
export { consumeDefaults, consumeSettings, type ConsumeSettings } from './consume-settings';
export { connectNats, type ConnectOptions, type NatsAuthentication, type NatsSettings } from './connect';
export {
	loopDefaults,
	startConsumerLoop,
	type ConsumerLoop,
	type ConsumerLoopOptions,
	type DeliveryName,
	type LoopEvent,
} from './consumer-loop';
export { toFields, type Delivery, type Outcome } from './delivery';
export { QueueError, type QueueErrorCode } from './errors';
export { publishMessage, type OutgoingMessage, type Published, type PublishOptions } from './publish';
export { listDeadLetters, type LetterSelection, type ListedLetter } from './read-letters';
export { redriveDeadLetters, type LetterAboutPost, type PostRedrive } from './redrive';
export { reportLoopEvent, type EventLog } from './report-event';
export { retryDefaults, type RetryPolicy, type Settled } from './settle';
export {
	customPlan,
	ensureConsumer,
	ensureStreams,
	ownPlans,
	setUpDefaults,
	type StreamPlan,
	type StreamSetUp,
} from './set-up';
export { peekMessage } from './peek';
export { consumerLag, type ConsumerLag } from './lag';
export { buildAsideLetter } from './put-aside';
