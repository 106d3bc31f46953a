using static TorchSharp.torch;

namespace FerMl.Training;

/// <summary>Captures the state of a training in a checkpoint, and restores it.</summary>
internal static class Checkpoints
{
    private const string Weights = "network/", Ema = "average/", Best = "best/", Optimizer = "optimizer/";

    /// <summary>Copies the state of a training into a checkpoint.</summary>
    public static Checkpoint Take(
        TrainingSignature signature, TrainingState state, FaceNetwork network, TrainingStep step, WeightSnapshot? best)
    {
        using var scope = NewDisposeScope();
        var tensors = new Dictionary<string, Tensor>();
        Add(Weights, network.state_dict());
        if (step.Ema is { } ema)
            Add(Ema, ema.Tensors);
        if (best is not null)
            Add(Best, best.Tensors);
        Add(Optimizer, step.Optimizer.State);
        return new Checkpoint(signature.ToString(), state, tensors);

        void Add(string prefix, IReadOnlyDictionary<string, Tensor> from)
        {
            foreach (var (name, tensor) in from)
                tensors.Add(prefix + name, tensor.detach().cpu().clone().DetachFromDisposeScope());
        }
    }

    /// <summary>The faces that an earlier training held out, by <see cref="TrainingSet.KeyOf(int)"/>.</summary>
    /// <exception cref="CheckpointException">There is no checkpoint.</exception>
    public static IReadOnlySet<string> HeldOutBy(CheckpointFolder folder)
    {
        using var checkpoint = LoadEarlier(folder);
        return checkpoint.State.HeldOut.ToHashSet();
    }

    /// <summary>
    /// Loads the weights of an earlier training into a network. A classifier with another number of labels, and an auxiliary head that the
    /// earlier training lacked, keep their own weights.
    /// </summary>
    /// <exception cref="CheckpointException">There is no checkpoint, or it belongs to another network.</exception>
    public static void LoadWeights(CheckpointFolder folder, FaceNetwork network, CheckpointWeights which = CheckpointWeights.Best)
    {
        using var checkpoint = LoadEarlier(folder);
        using var noGrad = no_grad();
        var prefix = which == CheckpointWeights.Best && !checkpoint.State.History.IsEmpty ? Best
            : checkpoint.Tensors.Keys.Any(name => name.StartsWith(Ema, StringComparison.Ordinal)) ? Ema
            : Weights;
        foreach (var (name, tensor) in network.state_dict())
        {
            if (checkpoint.Tensors.TryGetValue(prefix + name, out var earlier) && earlier.shape.SequenceEqual(tensor.shape))
                tensor.copy_(earlier);
            else if (!name.StartsWith(FaceNetwork.Classifier, StringComparison.Ordinal)
                && !name.StartsWith(FaceNetwork.Auxiliary, StringComparison.Ordinal))
                throw new CheckpointException(
                    $"The checkpoint in {folder} is of another network: {name} is "
                        + $"{(earlier is null ? "missing in it" : $"[{string.Join(", ", earlier.shape)}] in it")}, but "
                        + $"[{string.Join(", ", tensor.shape)}] in '{network.Definition.Name}'. Give the folder of a training with "
                        + $"the same preset.");
        }
    }

    private static Checkpoint LoadEarlier(CheckpointFolder folder) =>
        folder.Load() ?? throw new CheckpointException(
            $"{folder} has no checkpoint to start from; give the folder of an earlier training, or a model.");

    /// <summary>Checks that a checkpoint contains everything that <see cref="Restore"/> needs.</summary>
    /// <exception cref="InvalidDataException">A tensor is missing or has another shape.</exception>
    public static void Check(Checkpoint checkpoint, FaceNetwork network, TrainingStep step)
    {
        Need(Weights, network.state_dict());
        if (step.Ema is { } ema)
            Need(Ema, ema.Tensors);
        Need(Optimizer, step.Optimizer.State);
        if (!checkpoint.State.History.IsEmpty)
            Need(Best, network.state_dict());

        void Need(string prefix, IReadOnlyDictionary<string, Tensor> tensors)
        {
            foreach (var (name, tensor) in tensors)
                if (!checkpoint.Tensors.TryGetValue(prefix + name, out var found) || !found.shape.SequenceEqual(tensor.shape))
                    throw new InvalidDataException($"{prefix}{name} is missing in it, or has another shape");
        }
    }

    /// <summary>Restores the state of a training into a new one.</summary>
    /// <returns>The best weights, or null if no epoch is complete.</returns>
    public static WeightSnapshot? Restore(Checkpoint checkpoint, FaceNetwork network, TrainingStep step, Device device)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        Copy(Weights, network.state_dict());
        if (step.Ema is { } ema)
        {
            Copy(Ema, ema.Tensors);
            ema.Updates = checkpoint.State.EmaUpdates;
        }
        Copy(Optimizer, step.Optimizer.State);
        step.Optimizer.Steps = checkpoint.State.OptimizerSteps;
        if (checkpoint.State.History.IsEmpty)
            return null;
        var best = WeightSnapshot.Of(network);
        Copy(Best, best.Tensors);
        return best;

        void Copy(string prefix, IReadOnlyDictionary<string, Tensor> to)
        {
            foreach (var (name, tensor) in to)
            {
                tensor.copy_(checkpoint.Tensors[prefix + name].to(device));
            }
        }
    }
}
