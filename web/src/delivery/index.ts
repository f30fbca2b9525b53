export * from './projects';
export * from './time';
