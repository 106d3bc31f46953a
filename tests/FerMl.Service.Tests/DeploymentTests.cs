using System.Globalization;
using System.Text.RegularExpressions;
using FerMl.Tests;

namespace FerMl.Service.Tests;

/// <summary>Values in eng/deploy that no other test checks.</summary>
public partial class DeploymentTests
{
    private static readonly string Kubernetes = File.ReadAllText(Repository.File("eng/deploy/kubernetes.yaml"));

    [Test]
    public void Kubernetes_GivesMoreMemoryThanNetworksMayTake()
    {
        var limit = long.Parse(MemoryLimit().Match(Kubernetes).Groups[1].Value, CultureInfo.InvariantCulture) << 30;
        Assert.That(limit, Is.GreaterThanOrEqualTo(OnnxMemory.MaxBytes + (1L << 30)));
    }

    [Test]
    public void Kubernetes_WithoutTheKeysSecret_StartsNothing() =>
        Assert.That(Kubernetes, Does.Contain("secretKeyRef: {name: ferml, key: api-key}").And.Not.Contain("optional"));

    [GeneratedRegex(@"limits: \{.*memory: (\d+)Gi")]
    private static partial Regex MemoryLimit();
}
