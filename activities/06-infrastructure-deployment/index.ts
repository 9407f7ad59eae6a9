export { stage } from './stage.ts';
