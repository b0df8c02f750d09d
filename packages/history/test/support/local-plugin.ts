export { default } from '@speed-protocol/persister-local';
