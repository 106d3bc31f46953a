namespace FerMl.Experiments.Tests;

public class StudyAddressTests
{
    [TestCase("Host=localhost;Database=x;Username=u;Password=s3cret;Porf=1")]
    [TestCase("Hots=localhost;Database=x;Password=s3cret")]
    [TestCase("Host=;Password=s3cret")]
    [TestCase("Password=s3cret")]
    [TestCase("Host=localhost;Port=s3cret")]
    [TestCase("Host=localhost;Password='s3cret")]
    [TestCase("Server=nowhere.invalid;User Id=u;pwd=s3cret;Timeout=1")]
    [TestCase("postgresql://u:s3cret@:5432/x")]
    [TestCase("postgresql://u:s3cret@nowhere.invalid:99999/x")]
    [TestCase("postgresql:/u:s3cret@host/x")]
    [TestCase("postgress://u:s3cret@host/x")]
    [TestCase("postgresql://u:s3cret@nowhere.invalid/x")]
    [TestCase("mysql://u:s3cret@host/x")]
    [TestCase("postgresql://u:s3cret@nowhere.invalid/x?no_such_option=1")]
    [TestCase("host=h password=s3cret dbname=x")]
    [TestCase("postgresql:u:s3cret@h/x")]
    [TestCase("u:s3cret@h/x")]
    public void Open_OfAServerThatIsNone_DoesntTellThePassword(string address)
    {
        var error = Assert.Catch<ExperimentException>(() => StudyStore.Open(address, create: false));
        Assert.That(error!.ToString(), Does.Not.Contain("s3cret"));
    }

    [TestCase("study.db", false)]
    [TestCase("C:\\studies\\a.db", false)]
    [TestCase("C:/studies/a.db", false)]
    [TestCase("C:/studies/me@home.db", false)]
    [TestCase("studies/me@home.db", false)]
    [TestCase("passwords/host.db", false)]
    [TestCase("postgresql://u:p@host/x", true)]
    [TestCase("host=x", true)]
    public void IsServer_TellsFilesFromServers(string address, bool expected) =>
        Assert.That(StudyAddress.IsServer(address), Is.EqualTo(expected));

    [Test]
    public void FromUri_TakesNamesApart() =>
        Assert.That(StudyAddress.FromUri("postgresql://a%40b:c%3Ad@host:5433/my%20db"),
            Is.EqualTo("Host=host;Port=5433;Database=\"my db\";Username=a@b;Password=c:d").Or.EqualTo(
                "Host=host;Port=5433;Database='my db';Username=a@b;Password=c:d").Or.EqualTo(
                "Host=host;Port=5433;Database=my db;Username=a@b;Password=c:d"));

    [Test]
    public void FromUri_KeepsTheOptionsOfAnAddress() => Assert.That(
        StudyAddress.FromUri("postgresql://u:p@host/x?sslmode=verify-full&application_name=my-app"),
        Does.Contain("VerifyFull").And.Contain("my-app"));
}
