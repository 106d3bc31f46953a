using System.Text;
using FerMl.Tests;

namespace FerMl.Reporting.Tests;

public class OddCardTests : FolderTests
{
    [Test]
    public void ToHtml_OfACardWithAShortFingerprintAndAnEmptyOption_IsAPage()
    {
        var card = ModelCard.FromJson(Encoding.UTF8.GetBytes("""
            {"task":"seven","labels":["a","b"],"network":"x","options":{"seed":null},"data":{"source":"s","count":1,"fingerprint":"ab"}}
            """));
        Assert.That(new ModelReport { Name = "odd", Card = card }.ToHtml(), Does.Contain("fingerprint ab"));
    }
}
