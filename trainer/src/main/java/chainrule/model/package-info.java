/**
 * Trained models as files, and scoring with them without Spark: this and the packages below it need
 * nothing on the class path but Jackson, SLF4J and, to be quick, OpenBLAS.
 */
package chainrule.model;
