export * from './companies';
export * from './contacts';
