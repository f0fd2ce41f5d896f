package io.murmuration.benchmarks;

import de.erichseifert.vectorgraphics2d.Processors;
import de.erichseifert.vectorgraphics2d.VectorGraphics2D;
import de.erichseifert.vectorgraphics2d.util.PageSize;
import java.awt.BasicStroke;
import java.awt.Color;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Draws what was measured: a row for each number of nodes; on the left how many answers there were by how many requests
 * were open, on the right how long they took by how many there were.
 */
final class Picture {
    private static final int WIDTH = 620;
    private static final int HEIGHT = 400;
    /** Of a line of the legend. */
    private static final int LEGEND_HEIGHT = 20;

    private static final String PLAIN = "#,##0.###";
    private static final float[] DASHES = {3, 3};

    /** Told apart also by who sees fewer colours (Okabe and Ito). */
    private static final List<Color> COLOURS = List.of(
            new Color(0x0072B2),
            new Color(0xD55E00),
            new Color(0x009E73),
            new Color(0xCC79A7),
            new Color(0xE69F00),
            new Color(0x56B4E9),
            new Color(0x000000),
            new Color(0x999933));

    private Picture() {}

    static void draw(List<Medians> medians, Path file) throws IOException {
        VectorGraphics2D paper = new VectorGraphics2D();
        TreeSet<Integer> counts = new TreeSet<>();
        medians.forEach(each -> counts.add(each.work().nodes()));
        int top = 0;
        for (int count : counts) {
            Map<String, List<Medians>> lines = lines(medians, count);
            int height = HEIGHT + LEGEND_HEIGHT * lines.size();
            paint(paper, throughput(count, lines), 0, top, height);
            paint(paper, latency(count, lines), WIDTH, top, height);
            top += height;
        }
        PageSize page = new PageSize(0, 0, 2.0 * WIDTH, top);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            Processors.get("svg").getDocument(paper.getCommands(), page).writeTo(out);
        }
    }

    private static void paint(VectorGraphics2D paper, XYChart chart, int left, int top, int height) {
        paper.translate(left, top);
        chart.paint(paper, WIDTH, height);
        paper.translate(-left, -top);
    }

    /** What belongs to one line: the same work with more and more requests open. */
    private static Map<String, List<Medians>> lines(List<Medians> medians, int nodes) {
        Map<String, List<Medians>> lines = new LinkedHashMap<>();
        for (Medians each : medians) {
            if (each.work().nodes() == nodes && !each.work().half()) {
                int bytes = each.work().payloadBytes();
                int groups = each.work().groups();
                String name = each.work().operation()
                        + (bytes == 0 ? "" : ", " + bytes + " B")
                        + (groups == 1 ? "" : ", " + groups + " groups");
                lines.computeIfAbsent(name, any -> new ArrayList<>()).add(each);
            }
        }
        return lines;
    }

    private static XYChart throughput(int nodes, Map<String, List<Medians>> lines) {
        XYChart chart =
                chart(nodes + " nodes: throughput" + otherLoad(lines), "requests that are open", "answers per second");
        int number = 0;
        for (Map.Entry<String, List<Medians>> line : lines.entrySet()) {
            List<Medians> points = line.getValue();
            style(
                    chart.addSeries(
                            line.getKey(),
                            values(points, point -> point.work().outstanding()),
                            values(points, Medians::perSecond)),
                    number);
            number++;
        }
        return chart;
    }

    /** Solid what half of the answers took, dashed what one in a hundred exceeded. */
    private static XYChart latency(int nodes, Map<String, List<Medians>> lines) {
        XYChart chart =
                chart(nodes + " nodes: latency, p50 (solid) and p99 (dashed)", "answers per second", "milliseconds");
        int number = 0;
        for (Map.Entry<String, List<Medians>> line : lines.entrySet()) {
            List<Medians> points = line.getValue();
            double[] perSecond = values(points, Medians::perSecond);
            style(chart.addSeries(line.getKey(), perSecond, values(points, point -> point.p50() / 1e3)), number);
            XYSeries high =
                    chart.addSeries(line.getKey() + " p99", perSecond, values(points, point -> point.p99() / 1e3));
            style(high, number);
            high.setLineStyle(new BasicStroke(1, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, DASHES, 0));
            high.setShowInLegend(false);
            number++;
        }
        return chart;
    }

    /** Says so if the machine had other things to do. */
    private static String otherLoad(Map<String, List<Medians>> lines) {
        int windows = 0;
        int disturbed = 0;
        for (List<Medians> line : lines.values()) {
            windows += line.stream().mapToInt(Medians::windows).sum();
            disturbed += line.stream().mapToInt(Medians::disturbed).sum();
        }
        return disturbed == 0 ? "" : " (other load in " + disturbed + " of " + windows + " windows)";
    }

    /** A logarithm has no place for zero. */
    private static double[] values(List<Medians> points, ToDoubleFunction<Medians> figure) {
        return points.stream()
                .mapToDouble(figure)
                .map(value -> Math.max(1e-3, value))
                .toArray();
    }

    private static void style(XYSeries series, int number) {
        Color colour = COLOURS.get(number % COLOURS.size());
        series.setLineColor(colour);
        series.setMarkerColor(colour);
        series.setMarker(SeriesMarkers.CIRCLE);
        series.setLineStyle(new BasicStroke(2));
    }

    private static XYChart chart(String title, String across, String up) {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .title(title)
                .xAxisTitle(across)
                .yAxisTitle(up)
                .build();
        chart.getStyler()
                .setXAxisLogarithmic(true)
                .setYAxisLogarithmic(true)
                // A function for the labels would make XChart forget in their places that the axis is logarithmic.
                .setXAxisDecimalPattern(PLAIN)
                .setYAxisDecimalPattern(PLAIN)
                .setPlotGridLinesStroke(new BasicStroke(1))
                .setPlotGridLinesColor(new Color(0xE8E8E8))
                .setChartBackgroundColor(Color.WHITE)
                .setLegendPosition(LegendPosition.OutsideS)
                .setLegendBorderColor(Color.WHITE)
                .setMarkerSize(6);
        return chart;
    }
}
