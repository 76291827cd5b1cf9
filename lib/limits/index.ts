export * from './choose-windows';
export * from './learn';
export * from './reserve';
export * from './window';
