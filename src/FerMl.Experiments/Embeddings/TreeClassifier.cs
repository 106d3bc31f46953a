using Microsoft.ML.Calibrators;
using Microsoft.ML.Trainers.FastTree;

namespace FerMl.Experiments;

/// <summary>
/// Boosted trees, one ensemble per label against the rest; the logit is the ensemble's log-odds by Platt's sigmoid. In the exported
/// network a tree becomes two matrix products (Nakandala et al., "A Tensor Compiler for Unified Machine Learning Prediction Serving", 2020,
/// section 4.1): the first finds which splits go left, the second the leaf whose path matches all of them.
/// </summary>
internal sealed class TreeClassifier : EmbeddingClassifier
{
    private static readonly int[] Kernel = [1, 1];

    private readonly (Tree[] Trees, double Bias, double Slope, double Offset)[] _labels;

    /// <param name="labels">Trees and sigmoid per label.</param>
    public TreeClassifier(IEnumerable<(RegressionTreeEnsemble Trees, PlattCalibrator Sigmoid)> labels) =>
        _labels = [.. labels.Select(label => (
            label.Trees.Trees.Select((tree, i) => Tree.Of(tree, label.Trees.TreeWeights[i])).DefaultIfEmpty(Tree.Leaf).ToArray(),
            label.Trees.Bias,
            label.Sigmoid.Slope, label.Sigmoid.Offset))];

    public override long Parameters => _labels.Sum(label => label.Trees.Sum(tree => tree.Thresholds.Length + (long)tree.Leaves.Length));

    public override float[] Logits(ReadOnlySpan<float> embedding)
    {
        var logits = new float[_labels.Length];
        for (var label = 0; label < logits.Length; label++)
        {
            var (trees, score, slope, offset) = _labels[label];
            foreach (var tree in trees)
                score += tree.ValueOf(embedding);
            logits[label] = (float)-(slope * score + offset);
        }
        return logits;
    }

    public override string Export(OnnxGraph graph, string embedding)
    {
        var trees = _labels.SelectMany((label, i) => label.Trees.Select(tree => (Label: i, Tree: tree))).ToArray();
        var splits = Math.Max(1, trees.Max(tree => tree.Tree.Thresholds.Length));
        var leaves = splits + 1;
        var (features, thresholds) = (new long[trees.Length * splits], new float[trees.Length * splits]);
        var (paths, missing) = (new float[trees.Length * leaves * splits], new float[trees.Length * leaves]);
        var values = new float[_labels.Length * trees.Length * leaves];
        foreach (var (i, (label, tree)) in trees.Index())
        {
            tree.Features.CopyTo(features.AsSpan(i * splits));
            tree.Thresholds.CopyTo(thresholds.AsSpan(i * splits));
            // Below the minimum, -splits, so that padding leaves are never reached.
            missing.AsSpan(i * leaves, leaves).Fill(-splits - 1);
            for (var leaf = 0; leaf < tree.Leaves.Length; leaf++)
            {
                // The sum is 1 if all splits on the path match, and 0 or less otherwise.
                missing[i * leaves + leaf] = 1 - tree.Paths[leaf].Count(step => step.GoesLeft);
                foreach (var (split, goesLeft) in tree.Paths[leaf])
                    paths[(i * leaves + leaf) * splits + split] = goesLeft ? 1 : -1;
                values[label * trees.Length * leaves + i * leaves + leaf] = (float)(-_labels[label].Slope * tree.Leaves[leaf]);
            }
        }
        float[] biases = [.. _labels.Select(label => (float)-(label.Slope * label.Bias + label.Offset))];
        var x = graph.Node("Gather", [embedding, graph.Integers(features)], null, ("axis", 1));
        x = graph.Node("LessOrEqual", [x, graph.Floats(thresholds, thresholds.Length)]);
        x = graph.Node("Cast", [x], null, ("to", 1));
        x = graph.Node("Reshape", [x, graph.Integers(-1, thresholds.Length, 1, 1)]);
        x = graph.Node("Conv", [x, graph.Floats(paths, missing.Length, splits, 1, 1), graph.Floats(missing, missing.Length)], null,
            ("group", trees.Length), ("kernel_shape", Kernel));
        x = graph.Node("Relu", [x]);
        x = graph.Node("Flatten", [x], null, ("axis", 1));
        return graph.Node("Gemm",
            [x, graph.Floats(values, _labels.Length, missing.Length), graph.Floats(biases, biases.Length)], null, ("transB", 1));
    }

    /// <summary>A tree: features, thresholds and children of its splits, and the path to each leaf.</summary>
    private sealed record Tree(
        long[] Features, float[] Thresholds, int[] Left, int[] Right, double[] Leaves, (int Split, bool GoesLeft)[][] Paths)
    {
        /// <summary>A tree without splits that contributes 0, for ensembles without trees.</summary>
        public static Tree Leaf { get; } = new([], [], [], [], [0], [[]]);

        public static Tree Of(RegressionTree tree, double weight)
        {
            var leaves = tree.LeafValues.Select(value => value * weight).ToArray();
            var paths = new (int, bool)[leaves.Length][];
            if (tree.LeftChild.Count == 0)
                paths[0] = [];
            else
                Walk(0, []);
            return new Tree(
                [.. tree.NumericalSplitFeatureIndexes.Select(feature => (long)feature)], [.. tree.NumericalSplitThresholds],
                [.. tree.LeftChild], [.. tree.RightChild], leaves, paths);

            // A negative child index is the complement of a leaf index.
            void Walk(int node, (int, bool)[] path)
            {
                if (node < 0)
                {
                    paths[~node] = path;
                    return;
                }
                Walk(tree.LeftChild[node], [.. path, (node, true)]);
                Walk(tree.RightChild[node], [.. path, (node, false)]);
            }
        }

        public double ValueOf(ReadOnlySpan<float> embedding)
        {
            var node = Left.Length == 0 ? -1 : 0;
            while (node >= 0)
                node = embedding[(int)Features[node]] <= Thresholds[node] ? Left[node] : Right[node];
            return Leaves[~node];
        }
    }
}
