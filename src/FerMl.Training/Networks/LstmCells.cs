using System.Runtime.Intrinsics;

namespace FerMl.Training;

/// <summary>
/// One step of an LSTM's cells and its derivative, on the CPU, each in one pass over memory. As tensor operations, a step is a dozen calls
/// on a few thousand numbers, and dividing so few among threads takes longer than computing them. States are [batch, hidden], gates [batch,
/// 4, hidden] in torch's order: input, forget, cell, output. The hidden size is a multiple of <see cref="Width"/>.
/// </summary>
internal static class LstmCells
{
    /// <summary>Numbers processed at once; the hidden size must be a multiple of it.</summary>
    public static int Width => Vector512<float>.Count;

    /// <summary>Applies the gates' activations in place, and computes the cells, their tanh and the hidden states.</summary>
    public static void Forward(
        int hidden, Span<float> gates, ReadOnlySpan<float> cellsBefore, Span<float> cells, Span<float> squashed, Span<float> states)
    {
        for (int at = 0, gate = 0; at < cells.Length; gate += 3 * hidden)
            for (var end = at + hidden; at < end; at += Width, gate += Width)
            {
                var (entering, keeping, leaving) =
                    (Sigmoid(Read(gates, gate)), Sigmoid(Read(gates, gate + hidden)), Sigmoid(Read(gates, gate + 3 * hidden)));
                var candidate = Tanh(Read(gates, gate + 2 * hidden));
                var cell = keeping * Read(cellsBefore, at) + entering * candidate;
                var squash = Tanh(cell);
                entering.CopyTo(gates[gate..]);
                keeping.CopyTo(gates[(gate + hidden)..]);
                candidate.CopyTo(gates[(gate + 2 * hidden)..]);
                leaving.CopyTo(gates[(gate + 3 * hidden)..]);
                cell.CopyTo(cells[at..]);
                squash.CopyTo(squashed[at..]);
                (leaving * squash).CopyTo(states[at..]);
            }
    }

    /// <summary>Computes the gradients of the gates' inputs and of the previous cells from the gradient of the states.</summary>
    /// <param name="hidden">Hidden size.</param>
    /// <param name="gates">The gates that <see cref="Forward"/> computed.</param>
    /// <param name="cellsBefore">The cells of the previous step.</param>
    /// <param name="squashed">The cells' tanh that <see cref="Forward"/> computed.</param>
    /// <param name="ofStates">Gradient of the hidden states.</param>
    /// <param name="ofCells">Gradient of the cells from later steps; replaced with that of the previous cells.</param>
    /// <param name="ofGates">Receives the gradient of the gates' inputs.</param>
    public static void Backward(
        int hidden, ReadOnlySpan<float> gates, ReadOnlySpan<float> cellsBefore, ReadOnlySpan<float> squashed, ReadOnlySpan<float> ofStates,
        Span<float> ofCells, Span<float> ofGates)
    {
        var one = Vector512<float>.One;
        for (int at = 0, gate = 0; at < ofCells.Length; gate += 3 * hidden)
            for (var end = at + hidden; at < end; at += Width, gate += Width)
            {
                var (entering, keeping) = (Read(gates, gate), Read(gates, gate + hidden));
                var (candidate, leaving) = (Read(gates, gate + 2 * hidden), Read(gates, gate + 3 * hidden));
                var (squash, ofState) = (Read(squashed, at), Read(ofStates, at));
                var ofCell = Read(ofCells, at) + ofState * leaving * (one - squash * squash);
                (ofCell * candidate * entering * (one - entering)).CopyTo(ofGates[gate..]);
                (ofCell * Read(cellsBefore, at) * keeping * (one - keeping)).CopyTo(ofGates[(gate + hidden)..]);
                (ofCell * entering * (one - candidate * candidate)).CopyTo(ofGates[(gate + 2 * hidden)..]);
                (ofState * squash * leaving * (one - leaving)).CopyTo(ofGates[(gate + 3 * hidden)..]);
                (ofCell * keeping).CopyTo(ofCells[at..]);
            }
    }

    private static Vector512<float> Read(ReadOnlySpan<float> numbers, int at) => Vector512.Create(numbers[at..]);

    private static Vector512<float> Sigmoid(Vector512<float> x) => Vector512<float>.One / (Vector512<float>.One + Vector512.Exp(-x));

    // Computed from the sigmoid, which stays correct if its exponential overflows to infinity.
    private static Vector512<float> Tanh(Vector512<float> x) => 2 * Sigmoid(x + x) - Vector512<float>.One;
}
