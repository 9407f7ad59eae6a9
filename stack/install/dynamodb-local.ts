import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { lastLine, StackError } from '../base/errors.ts';
import { run, which } from '../base/run.ts';
import type { StackLog } from '../base/types.ts';
import { installOnce } from './folder.ts';

const VERSION = '3.3.1';
const PLUGIN = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';
const MIN_JAVA = 17;

const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>cutover</groupId>
  <artifactId>parts</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>software.amazon.dynamodb</groupId>
      <artifactId>DynamoDBLocal</artifactId>
      <version>${VERSION}</version>
    </dependency>
  </dependencies>
</project>
`;

/** Where DynamoDB Local can be started from. */
export interface DynamodbLocalProgram {
  readonly java: string;
  /** The folder of all jars and native libraries. */
  readonly libraries: string;
  /** The folder of our own classes. */
  readonly classes: string;
}

/** DynamoDB Local, AWS's own, with all it depends on, from Maven. */
export async function installDynamodbLocal(log: StackLog): Promise<DynamodbLocalProgram> {
  const part = 'dynamodb-local';
  const java = which('java');
  if (java === undefined) throw missingJava();
  const dir = await installOnce(`dynamodb-local-${VERSION}-1`, log, async (draft) => {
    const version = /version "(\d+)/.exec((await run(java, ['-version'])).output)?.[1];
    if (version === undefined || Number(version) < MIN_JAVA) throw missingJava();
    const mvn = which('mvn');
    if (mvn === undefined) {
      throw new StackError('MISSING_TOOL', 'dynamodb-local comes from Maven and mvn is not on PATH: install maven', {
        part,
      });
    }
    log.info(`installing DynamoDB Local ${VERSION} from Maven`);
    const pom = path.join(draft, 'pom.xml');
    const libraries = path.join(draft, 'lib');
    mkdirSync(libraries);
    writeFileSync(pom, POM);
    const got = await run(mvn, [
      '-q',
      '-B',
      '-f',
      pom,
      PLUGIN,
      `-DoutputDirectory=${libraries}`,
      '-DincludeScope=runtime',
    ]);
    if (got.code !== 0) {
      throw new StackError(
        'DOWNLOAD_FAILED',
        `dynamodb-local: Maven could not get it (${firstError(got.output)}): check the way to the Maven registry`,
        { part },
      );
    }
    await compileServer(libraries, path.join(draft, 'classes'));
    return { version: VERSION };
  });
  return { java, libraries: path.join(dir, 'lib'), classes: path.join(dir, 'classes') };
}

/** Compiles the class that keeps the server on the loopback address. */
async function compileServer(libraries: string, classes: string): Promise<void> {
  const javac = which('javac');
  if (javac === undefined) {
    throw new StackError(
      'MISSING_TOOL',
      `dynamodb-local needs javac of Java ${MIN_JAVA} or later on PATH: install a JDK, not just a runtime`,
      { part: 'dynamodb-local' },
    );
  }
  const source = path.join(path.dirname(fileURLToPath(import.meta.url)), 'LoopbackServer.java');
  const done = await run(javac, ['-cp', path.join(libraries, '*'), '-d', classes, source]);
  if (done.code !== 0) {
    throw new StackError(
      'INSTALL_FAILED',
      `dynamodb-local: its server class could not be compiled (${firstError(done.output)}): check the JDK`,
      { part: 'dynamodb-local' },
    );
  }
}

/** Java's tools say the cause first and end with a summary. */
function firstError(output: string): string {
  return lastLine(output.split('\n').find((line) => /error/i.test(line)) ?? output);
}

function missingJava(): StackError {
  return new StackError('MISSING_TOOL', `dynamodb-local needs Java ${MIN_JAVA} or later on PATH: install a JDK`, {
    part: 'dynamodb-local',
  });
}
