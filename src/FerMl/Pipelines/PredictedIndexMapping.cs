using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace FerMl;

/// <summary>Converts the predicted index from ONNX's one-element vector to a scalar, the input of a value mapping.</summary>
[CustomMappingFactoryAttribute(Contract)]
internal sealed class PredictedIndexMapping : CustomMappingFactory<PredictedIndexMapping.Input, PredictedIndexMapping.Output>
{
    public const string Contract = "FerMl.PredictedIndex";

    public sealed class Input
    {
        [VectorType(1)]
        public long[] PredictedIndex { get; set; } = [];
    }

    public sealed class Output
    {
        public long PredictedIndex { get; set; }
    }

    public override Action<Input, Output> GetMapping() => Map;

    public static void Map(Input input, Output output) => output.PredictedIndex = input.PredictedIndex[0];
}
