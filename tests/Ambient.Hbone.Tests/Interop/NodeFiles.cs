using Ambient.Identity.Svids;
using Ambient.Testing;

namespace Ambient.Hbone.Tests.Interop;

/// <summary>Certificates where the scripts look for them; removed with the test.</summary>
internal sealed class NodeFiles : IDisposable
{
    public NodeFiles(TestCa ca, string role, Svid svid)
    {
        Directory = System.IO.Directory.CreateTempSubdirectory("ambient-interop-").FullName;
        File.WriteAllText(Path.Combine(Directory, role + ".key"), svid.KeyPem());
        File.WriteAllText(Path.Combine(Directory, role + ".pem"), svid.ChainPem());
        File.WriteAllText(Path.Combine(Directory, "roots.pem"), ca.Authority.RootsPem);
    }

    public string Directory { get; }

    public void Dispose() => System.IO.Directory.Delete(Directory, recursive: true);
}
