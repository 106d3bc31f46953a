using System.Text.Json.Serialization;

namespace FerMl;

/// <summary>What FerMl itself reads and writes as JSON, known when it is compiled: a trimmed program has no reflection to find it
/// with.</summary>
[JsonSerializable(typeof(ModelCard))]
[JsonSerializable(typeof(EvaluationDocument))]
[JsonSerializable(typeof(MetricsDocument))]
[JsonSerializable(typeof(ClipEvaluationDocument))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class FerMlJsonContext : JsonSerializerContext;
