namespace Ambient.Benchmarks.Contenders;

internal sealed class Nginx(string workFolder, string peersFolder) : ProxyPair(workFolder, peersFolder)
{
    public override string Name => "nginx";

    protected override (string Program, string[] Arguments) CommandFor(string configurationFile, string sideFolder) =>
        ("/usr/sbin/nginx", ["-p", sideFolder, "-c", configurationFile, "-g", "daemon off;"]);
}
