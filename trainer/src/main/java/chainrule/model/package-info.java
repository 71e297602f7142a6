/**
 * Trained models and checkpoints as files, and scoring without Spark: this and the packages below
 * it need nothing on the class path but Jackson, SLF4J and, to be quick, OpenBLAS.
 */
package chainrule.model;
