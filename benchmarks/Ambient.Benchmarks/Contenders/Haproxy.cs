namespace Ambient.Benchmarks.Contenders;

internal sealed class Haproxy(string workFolder, string peersFolder) : ProxyPair(workFolder, peersFolder)
{
    public override string Name => "haproxy";

    protected override (string Program, string[] Arguments) CommandFor(string configurationFile, string sideFolder) =>
        ("/usr/sbin/haproxy", ["-db", "-f", configurationFile]);
}
