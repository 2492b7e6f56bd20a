import static org.codelibs.opensearch.runner.OpenSearchRunner.newConfigs;

import java.text.BreakIterator;
import java.util.Locale;
import org.codelibs.opensearch.runner.OpenSearchRunner;

/**
 * One real OpenSearch node on loopback: DevOpenSearch DATA_DIR HTTP_PORT TRANSPORT_PORT.
 * DevOpenSearch --has-thai only tells, by exit status 0, whether this runtime can break Thai words: see no-thai/.
 */
public class DevOpenSearch {
    public static void main(String[] args) throws Exception {
        if (args[0].equals("--has-thai")) {
            BreakIterator words = BreakIterator.getWordInstance(Locale.forLanguageTag("th"));
            words.setText("\u0e20\u0e32\u0e29\u0e32\u0e44\u0e17\u0e22");
            System.exit(words.isBoundary(4) ? 0 : 1);
        }
        OpenSearchRunner.Configs configs =
                newConfigs().numOfNode(1).basePath(args[0]).clusterName("explore").disableESLogger();
        OpenSearchRunner runner = new OpenSearchRunner();
        runner.onBuild((number, settings) -> {
            settings.put("http.port", args[1]);
            settings.put("transport.port", args[2]);
            settings.put("network.host", "127.0.0.1");
            settings.put("node.name", "explore");
            settings.put("discovery.type", "single-node");
            settings.put("cluster.routing.allocation.disk.threshold_enabled", false);
            settings.put("action.destructive_requires_name", true);
            // Indices are created by the application, never by a typo.
            settings.put("action.auto_create_index", "false");
            // Yellow indices on one node are noise: new ones get no replica unless they ask for it.
            settings.put("cluster.default_number_of_replicas", 0);
        }).build(configs);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                runner.close();
            } catch (Exception e) {
                e.printStackTrace();
            }
        }));
        runner.ensureYellow();
        System.out.println("READY http://127.0.0.1:" + args[1]);
        System.out.flush();
        Thread.currentThread().join();
    }
}
