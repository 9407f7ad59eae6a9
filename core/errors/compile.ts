import { defineErrors } from './catalogue.ts';

export const compileErrors = defineErrors({});
