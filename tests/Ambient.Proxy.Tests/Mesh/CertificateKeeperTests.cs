using Ambient.Core.Identity;
using Ambient.Identity.Issuing;
using Ambient.Identity.Renewal;
using Ambient.Identity.Svids;
using Ambient.Proxy.Mesh;
using Ambient.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ambient.Proxy.Tests.Mesh;

/// <summary>In /dev/shm, which is memory on every Linux.</summary>
public sealed class CertificateKeeperTests : IDisposable
{
    private static readonly SpiffeId s_id = new("cluster.local", "shop", "client");
    private readonly string _directory = $"/dev/shm/ambient-test-{Guid.NewGuid():N}";
    private readonly ManualTime _time = new();

    private string FilePath => Path.Combine(_directory, "svids.json");

    public void Dispose()
    {
        if (Directory.Exists(_directory))
        {
            Directory.Delete(_directory, recursive: true);
        }
    }

    [Fact]
    public async Task Kept_certificate_serves_again_with_its_key()
    {
        Svid svid = await KeepAsync();

        Svid again = Assert.Single(Open()!.Load()).Value;

        Assert.Equal(svid.SerialNumber, again.SerialNumber);
        Assert.Equal(svid.KeyPem(), again.KeyPem());
        Assert.True(again.Certificate.HasPrivateKey);
        Assert.Equal("600", Convert.ToString((int)File.GetUnixFileMode(FilePath), 8));
    }

    [Fact]
    public async Task Expired_certificate_is_ignored()
    {
        await KeepAsync();

        _time.Advance(TimeSpan.FromHours(25));

        Assert.Empty(Open()!.Load());
    }

    [Fact]
    public async Task File_that_others_could_read_is_ignored()
    {
        await KeepAsync();
        File.SetUnixFileMode(FilePath, UnixFileMode.UserRead | UnixFileMode.OtherRead);

        Assert.Empty(Open()!.Load());
    }

    [Fact]
    public async Task Certificate_named_for_another_identity_is_ignored()
    {
        await KeepAsync();
        string text = await File.ReadAllTextAsync(FilePath, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(FilePath, text.Replace("/sa/client", "/sa/admin", StringComparison.Ordinal), TestContext.Current.CancellationToken);

        Assert.Empty(Open()!.Load());
    }

    [Fact]
    public async Task Identity_that_left_takes_its_key_from_the_file()
    {
        CertificateAuthority authority = CertificateAuthority.CreateSelfSigned("cluster.local", _time);
        await using var svids = new SvidManager(authority, new SvidManagerOptions(), _time);
        CertificateKeeper keeper = Open()!;
        keeper.Follow(svids);
        await svids.GetAsync(s_id, TestContext.Current.CancellationToken);
        await keeper.StopAsync(write: true);
        svids.Forget(s_id);
        await keeper.StopAsync(write: true);

        Assert.Equal("[]", await File.ReadAllTextAsync(FilePath, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Disk_is_no_place_for_keys() =>
        Assert.Null(CertificateKeeper.Open(Path.Combine(AppContext.BaseDirectory, "svids.json"), _time, NullLogger.Instance));

    private CertificateKeeper? Open() => CertificateKeeper.Open(FilePath, _time, NullLogger.Instance);

    private async Task<Svid> KeepAsync()
    {
        CertificateAuthority authority = CertificateAuthority.CreateSelfSigned("cluster.local", _time);
        await using var svids = new SvidManager(authority, new SvidManagerOptions(), _time);
        CertificateKeeper keeper = Open()!;
        keeper.Follow(svids);
        Svid svid = await svids.GetAsync(s_id, TestContext.Current.CancellationToken);
        await keeper.StopAsync(write: true);
        return svid;
    }
}
