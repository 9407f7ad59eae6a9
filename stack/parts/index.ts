import type { Endpoints, PartName } from '../base/types.ts';
import { awsDriver } from './aws.ts';
import type { PartDriver } from './driver.ts';
import { dynamodbLocalDriver } from './dynamodb-local.ts';
import { mysqlDriver } from './mysql.ts';
import { temporalDriver } from './temporal.ts';

/** Adding a part is adding a row (and its name, its endpoint, its installer). */
export const DRIVERS: Record<PartName, PartDriver<Endpoints[keyof Endpoints]>> = {
  temporal: temporalDriver,
  mysql: mysqlDriver,
  aws: awsDriver,
  'dynamodb-local': dynamodbLocalDriver,
};
