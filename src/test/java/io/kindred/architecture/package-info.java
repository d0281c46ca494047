/**
 * Architecture: the sentences about the house's form that a compiler does not check, checked. Which
 * room may know which, who may touch Pekko and Netty, what nobody may be called, which version of
 * each library really is on the class path.
 *
 * <p>A rule here that stands in the way is a question to the design, not to this package.
 */
package io.kindred.architecture;
