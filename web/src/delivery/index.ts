export * from './projects';
export * from './time';
export * from './week';
