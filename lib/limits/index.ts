export * from './choose-windows';
export * from './learn';
export * from './learning-client';
export * from './reserve';
export * from './window';
