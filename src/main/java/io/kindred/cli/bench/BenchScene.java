package io.kindred.cli.bench;

import java.util.function.Consumer;

/**
 * What a section works with.
 *
 * @param node the node to start, but for what the section itself changes
 * @param say tells what goes on
 */
record BenchScene(Workbench workbench, StorePlan plan, NodeChoice node, Consumer<String> say) {}
