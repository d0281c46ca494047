/**
 * The command line: what an operator types.
 *
 * <p>Every command but {@code node} and {@code demo} asks a node's management port, so it tells
 * what any other client of that port would see. Exit status 0: done; 1: what was asked for failed;
 * 2: it was asked wrongly. Results go to the standard output, as a table or with {@code --json} as
 * one JSON document; progress and errors go to the standard error. An error says what failed,
 * where, and what to do.
 *
 * <p>Decided: {@code demo} starts its nodes with the Java and class path that it runs by itself, so
 * that a checkout changed meanwhile cannot mix two builds in one cluster.
 */
package io.kindred.cli;
