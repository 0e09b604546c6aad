using System.Net;
using Ambient.Core;

namespace Ambient.Operator.Tests;

public sealed class OperatorConfigReaderTests : IDisposable
{
    private readonly string _kubeconfig = Path.GetTempFileName();

    public OperatorConfigReaderTests() => File.WriteAllText(
        _kubeconfig, "current-context: c\ncontexts:\n- name: c\n  context: {cluster: k}\nclusters:\n- name: k\n  cluster: {server: 'http://127.0.0.1:1'}\n");

    public void Dispose() => File.Delete(_kubeconfig);

    [Fact]
    public void Read_Nothing_GivesTheDocumentedValues()
    {
        OperatorConfig config = Read();
        Assert.Equal(("ambient-system", 15012, 15014, "cluster.local", true), (
            config.SystemNamespace, config.DiscoveryPort, config.AdminPort, config.TrustDomain, config.ForeignInjectionLabels));
        Assert.Equal([new NamespacedName("ambient-system", "ambient-ztunnel")], config.NodeProxies);
        Assert.False(config.DebugAnywhere);
    }

    [Fact]
    public void Read_Given_IsTaken()
    {
        OperatorConfig config = Read(
            ("POD_NAMESPACE", "mesh"), ("AMBIENT_XDS_LISTEN", "127.0.0.1:7000"), ("AMBIENT_ADMIN_LISTEN", "7001"),
            ("AMBIENT_NODE_PROXIES", "istio-system/ztunnel, mesh/ambient-ztunnel"), ("AMBIENT_DEBUG", "all"), ("AMBIENT_LOG_LEVEL", "Debug"));
        Assert.Equal(IPEndPoint.Parse("127.0.0.1:7000"), config.DiscoveryAddress);
        Assert.Equal(7001, config.AdminPort);
        Assert.Equal(["istio-system/ztunnel", "mesh/ambient-ztunnel"], config.NodeProxies.Select(p => p.ToString()));
        Assert.True(config.DebugAnywhere);
    }

    [Theory]
    [InlineData("AMBIENT_TRUST_DOMAIN", "Corp.Example")]
    [InlineData("AMBIENT_XDS_LISTEN", "70000")]
    [InlineData("AMBIENT_NODE_PROXIES", "ztunnel")]
    [InlineData("AMBIENT_DEBUG", "yes")]
    [InlineData("AMBIENT_FOREIGN_INJECTION_LABELS", "on")]
    [InlineData("AMBIENT_LOG_LEVEL", "loud")]
    [InlineData("AMBIENT_DEBOUNCE_MS", "-1")]
    public void Read_BadValue_NamesTheSetting(string name, string value)
    {
        OperatorConfigException e = Assert.Throws<OperatorConfigException>(() => Read((name, value)));
        Assert.Contains($"{name}='{value}'", e.Message, StringComparison.Ordinal);
    }

    private OperatorConfig Read(params (string Name, string Value)[] environment)
    {
        var values = environment.ToDictionary(e => e.Name, e => e.Value);
        return OperatorConfigReader.Read(name => name == "KUBECONFIG" ? _kubeconfig : values.GetValueOrDefault(name));
    }
}
