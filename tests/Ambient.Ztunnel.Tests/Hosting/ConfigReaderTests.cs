using Ambient.Ztunnel.Hosting;
using Microsoft.Extensions.Logging;

namespace Ambient.Ztunnel.Tests.Hosting;

public sealed class ConfigReaderTests
{
    [Fact]
    public void Node_name_alone_is_enough()
    {
        ZtunnelConfig config = Read(("NODE_NAME", "n1"));

        Assert.Equal("n1", config.NodeName);
        Assert.Equal("https://ambient-operator.ambient-system.svc:15012/", config.XdsAddress.ToString());
        Assert.Equal("/run/ambient/svids.json", config.CertificateFile);
        Assert.Equal(TimeSpan.FromSeconds(25), config.DrainTime);
        Assert.Equal((15000, 15020, 15021), (config.AdminPort, config.MetricsPort, config.ReadinessPort));
    }

    [Fact]
    public void Every_limit_is_read()
    {
        ZtunnelConfig config = Read(
            ("NODE_NAME", "n1"), ("AMBIENT_MAX_CONNECTIONS_PER_POD", "7"), ("AMBIENT_ORIGINAL_SOURCE", "never"), ("AMBIENT_LOG_LEVEL", "warning"),
            ("AMBIENT_LOG_FORMAT", "json"), ("AMBIENT_DRAIN_SECONDS", "0"), ("POD_IP", "fd00::1"), ("AMBIENT_CERTIFICATE_FILE", "none"));

        Assert.Equal(7, config.MaxConnectionsPerPod);
        Assert.Equal(OriginalSource.Never, config.OriginalSource);
        Assert.Equal(LogLevel.Warning, config.LogLevel);
        Assert.True(config.JsonLog);
        Assert.Equal(TimeSpan.Zero, config.DrainTime);
        Assert.Equal("fd00::1", config.PodAddress.ToString());
        Assert.Null(config.CertificateFile);
    }

    [Fact]
    public void Certificates_are_not_kept_where_this_process_signs_unless_asked_for()
    {
        Assert.Null(Read(("NODE_NAME", "n1"), ("AMBIENT_LOCAL_CA", "/ca")).CertificateFile);
        Assert.Equal("/run/x", Read(("NODE_NAME", "n1"), ("AMBIENT_LOCAL_CA", "/ca"), ("AMBIENT_CERTIFICATE_FILE", "/run/x")).CertificateFile);
    }

    [Theory]
    [InlineData("NODE_NAME", "", "NODE_NAME is not set")]
    [InlineData("POD_IP", "pod", "POD_IP is 'pod' but has to be an IP address")]
    [InlineData("AMBIENT_XDS_ADDRESS", "http://operator:15012", "AMBIENT_XDS_ADDRESS is 'http://operator:15012' but has to be an https:// address")]
    [InlineData("AMBIENT_CNI_WAIT_SECONDS", "601", "AMBIENT_CNI_WAIT_SECONDS is '601' but has to be a whole number from 0 to 600")]
    [InlineData("AMBIENT_DRAIN_SECONDS", "-1", "AMBIENT_DRAIN_SECONDS is '-1' but has to be a whole number from 0 to 86400")]
    [InlineData("AMBIENT_CERT_LIFETIME_SECONDS", "9", "a whole number from 10 to 7776000")]
    [InlineData("AMBIENT_MAX_CONNECTIONS_PER_POD", "1e3", "a whole number from 1 to 1000000")]
    [InlineData("AMBIENT_MAX_HANDSHAKES_PER_POD", "0", "a whole number from 1 to 100000")]
    [InlineData("AMBIENT_ADMIN_PORT", "65536", "a whole number from 1 to 65535")]
    [InlineData("AMBIENT_ORIGINAL_SOURCE", "sometimes", "auto, always or never")]
    [InlineData("AMBIENT_ORIGINAL_SOURCE", "1", "auto, always or never")]
    [InlineData("AMBIENT_LOG_LEVEL", "loud", "trace, debug, information, warning or error")]
    [InlineData("AMBIENT_LOG_FORMAT", "JSON", "text or json")]
    public void What_makes_no_sense_is_refused_by_name(string name, string value, string message) =>
        Assert.Contains(message, Assert.Throws<FormatException>(() => Read(("NODE_NAME", "n1"), (name, value))).Message);

    private static ZtunnelConfig Read(params (string Name, string Value)[] variables) =>
        new ConfigReader(name => variables.LastOrDefault(v => v.Name == name).Value).Read();
}
