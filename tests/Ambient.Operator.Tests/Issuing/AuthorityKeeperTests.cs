using System.Text;
using Ambient.Identity.Issuing;
using Ambient.Kube.Http;
using Ambient.Kube.Resources;
using Ambient.Operator.Issuing;
using Ambient.Operator.Tests.Support;
using Ambient.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ambient.Operator.Tests.Issuing;

public sealed class AuthorityKeeperTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_SeveralAtOnce_EndUpWithOneCa()
    {
        await using World world = await World.StartAsync(crds: false);
        await using var a = new Keeper(world);
        await using var b = new Keeper(world);
        await Task.WhenAll(a.Authority.StartAsync(Cancel), b.Authority.StartAsync(Cancel));
        await Eventually.True(() => a.Authority.Current!.CertificatePem == b.Authority.Current!.CertificatePem);
    }

    [Fact]
    public async Task Start_PluggedInCa_WinsOverTheOwn()
    {
        await using World world = await World.StartAsync(crds: false);
        CertificateAuthority theirs = CertificateAuthority.CreateSelfSigned("cluster.local", TimeProvider.System);
        CertificateAuthority ours = CertificateAuthority.CreateSelfSigned("cluster.local", TimeProvider.System);
        await world.Kube.CreateAsync(AuthoritySecret.Of(ours, "ambient-system"), Cancel);
        await world.Kube.CreateAsync(Renamed(AuthoritySecret.Of(theirs, "ambient-system"), "cacerts"), Cancel);
        await using var keeper = new Keeper(world);
        await keeper.Authority.StartAsync(Cancel);
        Assert.Equal(theirs.CertificatePem, keeper.Authority.Current!.CertificatePem);
    }

    [Fact]
    public async Task Start_UnusablePluggedInCa_MakesNoOtherAndSaysWhy()
    {
        await using World world = await World.StartAsync(crds: false);
        await world.Kube.CreateAsync(
            new Secret { Metadata = new ObjectMeta { Name = "cacerts", Namespace = "ambient-system" }, Data = new Dictionary<string, byte[]> { ["ca-cert.pem"] = [1] } },
            Cancel);
        await using var keeper = new Keeper(world);
        Task starting = keeper.Authority.StartAsync(keeper.Token);
        await Eventually.True(() => keeper.Authority.Problem is not null);
        Assert.Contains("ambient-system/cacerts", keeper.Authority.Problem!, StringComparison.Ordinal);
        Assert.False(starting.IsCompleted);
        Assert.Null(await world.Kube.FindAsync<Secret>("ambient-system", "ambient-ca", Cancel));
        await keeper.DisposeAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => starting);
    }

    [Fact]
    public async Task Secret_ReplacedByAnotherRoot_BothRootsAreHandedOutAndSurviveARestart()
    {
        await using World world = await World.StartAsync(crds: false);
        string oldRoot;
        CertificateAuthority next = CertificateAuthority.CreateSelfSigned("cluster.local", TimeProvider.System);
        await using (var keeper = new Keeper(world))
        {
            await keeper.Authority.StartAsync(Cancel);
            oldRoot = keeper.Authority.Current!.Bundle.Roots[0].Thumbprint;
            await keeper.Authority.PublishAsync(Cancel);
        }

        await world.Kube.ApplyAsync(AuthoritySecret.Of(next, "ambient-system"), "person", force: true, Cancel);
        await using var later = new Keeper(world);
        await later.Authority.StartAsync(Cancel);
        Assert.Equal(next.CertificatePem, later.Authority.Current!.CertificatePem);
        Assert.Equal([next.Bundle.Roots[0].Thumbprint, oldRoot], later.Authority.Current.Bundle.Roots.Select(r => r.Thumbprint));
        await later.Authority.PublishAsync(Cancel);
        Secret published = await world.Kube.GetAsync<Secret>("ambient-system", PublishedRoots.SecretName, Cancel);
        Assert.Contains(oldRoot, Encoding.UTF8.GetString(published.Data["retiring.json"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secret_ReplacedWhileRunning_SignsWithTheNewKeyOnlyWhenItsRootsAreKnown()
    {
        await using World world = await World.StartAsync(crds: false);
        var time = new ManualTime(TimeProvider.System.GetUtcNow());
        await using var keeper = new Keeper(world, time);
        await keeper.Authority.StartAsync(Cancel);
        CertificateAuthority before = keeper.Authority.Current!;
        await keeper.Authority.PublishAsync(Cancel);
        await Eventually.True(() => keeper.Authority.IsWrittenDown);
        CertificateAuthority next = CertificateAuthority.CreateSelfSigned("cluster.local", time);
        string[] both = [before.Bundle.Roots[0].Thumbprint, next.Bundle.Roots[0].Thumbprint];
        await world.Kube.ApplyAsync(AuthoritySecret.Of(next, "ambient-system"), "person", force: true, Cancel);
        await Eventually.True(() => keeper.Authority.Current!.Bundle.Roots.Length == 2);
        await keeper.Authority.PublishAsync(Cancel);
        await Eventually.True(() => keeper.Authority.IsWrittenDown);
        Assert.Equal(before.CertificatePem, keeper.Authority.Current!.CertificatePem);

        time.Advance(TimeSpan.FromHours(23));
        await keeper.Authority.PublishAsync(Cancel);
        Assert.Equal(before.CertificatePem, keeper.Authority.Current.CertificatePem);
        time.Advance(TimeSpan.FromHours(1.1));
        await Eventually.True(() => keeper.Authority.Current!.CertificatePem == next.CertificatePem);
        Assert.Equal(both.Order(), keeper.Authority.Current.Bundle.Roots.Select(r => r.Thumbprint).Order());
        time.Advance(TimeSpan.FromHours(24));
        await keeper.Authority.PublishAsync(Cancel);
        Assert.Equal(2, keeper.Authority.Current.Bundle.Roots.Length);
    }

    [Fact]
    public async Task Secret_BecomesUnusable_TheLastGoodCaStaysInForce()
    {
        await using World world = await World.StartAsync(crds: false);
        await using var keeper = new Keeper(world);
        await keeper.Authority.StartAsync(Cancel);
        string good = keeper.Authority.Current!.CertificatePem;
        await world.Kube.Resource<Secret>().PatchAsync("ambient-system", "ambient-ca", Patch.Merge(new() { ["data"] = new System.Text.Json.Nodes.JsonObject { ["ca-key.pem"] = "AAAA" } }), Cancel);
        await Eventually.True(() => keeper.Authority.Problem is not null);
        Assert.Equal(good, keeper.Authority.Current.CertificatePem);
    }

    private static Secret Renamed(Secret secret, string name) => secret with { Metadata = secret.Metadata with { Name = name } };

    private sealed class Keeper : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _running;

        public Keeper(World world, TimeProvider? time = null)
        {
            Authority = new AuthorityKeeper(
                new OperatorConfig { Kube = world.Config, PodName = "op" }, world.Kube, time ?? TimeProvider.System, NullLogger.Instance);
            _running = Authority.RunAsync(_stop.Token);
        }

        public AuthorityKeeper Authority { get; }

        public CancellationToken Token => _stop.Token;

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _running;
        }
    }
}
