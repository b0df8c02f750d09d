export { Recorder, type RecorderOptions, type RecorderStatus } from './recorder.js';
export { type RecordingOptions, type RunningRecording, spoolFor, startRecording } from './recording.js';
export { Recordings } from './recordings.js';
export { findPersister, openStore } from './store.js';
export { DEFAULT_DATASETS } from './subscriptions.js';
