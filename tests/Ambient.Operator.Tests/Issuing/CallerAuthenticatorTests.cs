using Ambient.Discovery.Publishing;
using Ambient.Kube.Http;
using Ambient.Kube.Resources;
using Ambient.Operator.Issuing;
using Ambient.Operator.Telemetry;
using Ambient.Operator.Tests.Support;
using Ambient.Operator.Watching;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ambient.Operator.Tests.Issuing;

public sealed class CallerAuthenticatorTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Authenticate_BoundToken_GivesPodAndItsNode()
    {
        await using World world = await World.StartAsync(crds: false);
        Pod pod = await world.PodAsync("ambient-system", "ztunnel-1", "ambient-ztunnel", "node-1", "10.244.1.2");
        using CallerAuthenticator authenticator = Authenticator(world);
        Caller? caller = await authenticator.AuthenticateAsync(await world.TokenAsync(pod), Cancel);
        Assert.Equal(new Caller("ambient-system", "ambient-ztunnel", "ztunnel-1", pod.Metadata.Uid!, "node-1"), caller);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not.a.token")]
    public async Task Authenticate_Rubbish_IsNobody(string token)
    {
        await using World world = await World.StartAsync(crds: false);
        using CallerAuthenticator authenticator = Authenticator(world);
        Assert.Null(await authenticator.AuthenticateAsync(token, Cancel));
    }

    [Fact]
    public async Task Authenticate_OtherAudienceOrNoPodOrEndedPod_IsNobody()
    {
        await using World world = await World.StartAsync(crds: false);
        Pod pod = await world.PodAsync("ambient-system", "ztunnel-1", "ambient-ztunnel", "node-1", "10.244.1.2");
        Pod done = await world.PodAsync("ambient-system", "ztunnel-2", "ambient-ztunnel", "node-1", "10.244.1.3", "Failed");
        using CallerAuthenticator authenticator = Authenticator(world);
        Assert.Null(await authenticator.AuthenticateAsync(await world.TokenAsync(pod, "https://kubernetes.default.svc.cluster.local"), Cancel));
        Assert.Null(await authenticator.AuthenticateAsync(await world.TokenAsync(done), Cancel));
        TokenGrant unbound = await world.Kube.CreateTokenAsync(
            "ambient-system", "ambient-ztunnel", ["istio-ca"], TimeSpan.FromHours(1), null, Cancel);
        Assert.Null(await authenticator.AuthenticateAsync(unbound.Token, Cancel));
    }

    [Fact]
    public async Task Authenticate_PodDeletedAndMadeAgain_TheOldTokenIsNobodys()
    {
        await using World world = await World.StartAsync(crds: false);
        Pod pod = await world.PodAsync("ambient-system", "ztunnel-1", "ambient-ztunnel", "node-1", "10.244.1.2");
        string token = await world.TokenAsync(pod);
        await world.Kube.DeleteAsync<Pod>("ambient-system", "ztunnel-1", new DeleteOptions { GracePeriodSeconds = 0 }, Cancel);
        await world.PodAsync("ambient-system", "ztunnel-1", "ambient-ztunnel", "node-2", "10.244.2.2");
        using CallerAuthenticator authenticator = Authenticator(world);
        Assert.Null(await authenticator.AuthenticateAsync(token, Cancel));
    }

    [Fact]
    public async Task Authenticate_Again_IsRememberedForAWhile()
    {
        await using World world = await World.StartAsync(crds: false);
        Pod pod = await world.PodAsync("ambient-system", "ztunnel-1", "ambient-ztunnel", "node-1", "10.244.1.2");
        var metrics = new OperatorMetrics();
        var time = new Ambient.Testing.ManualTime();
        using var authenticator = new CallerAuthenticator(world.Kube, new PodRoster(), metrics, time, NullLogger.Instance);
        string token = await world.TokenAsync(pod);
        await authenticator.AuthenticateAsync(token, Cancel);
        await authenticator.AuthenticateAsync(token, Cancel);
        Assert.Equal(1, metrics.CallersAccepted.Value);
        time.Advance(TimeSpan.FromSeconds(31));
        await authenticator.AuthenticateAsync(token, Cancel);
        Assert.Equal(2, metrics.CallersAccepted.Value);
    }

    private static CallerAuthenticator Authenticator(World world) =>
        new(world.Kube, new PodRoster(), new OperatorMetrics(), TimeProvider.System, NullLogger.Instance);
}
