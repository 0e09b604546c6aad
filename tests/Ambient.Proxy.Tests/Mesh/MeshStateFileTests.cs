using System.Buffers.Binary;
using System.Net;
using System.Security.Cryptography;
using Ambient.Core;
using Ambient.Core.Policies;
using Ambient.Core.Routes;
using Ambient.Core.Services;
using Ambient.Core.Workloads;
using Ambient.Discovery;
using Ambient.Proxy.Keeping;
using Ambient.Proxy.Mesh;
using Envoy.Service.Discovery.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Ambient.Proxy.Tests.Mesh;

public sealed class MeshStateFileTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("ambient-state").FullName;

    private string FilePath => Path.Combine(_directory, "mesh.state");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Whole_mesh_written_is_read_back()
    {
        MeshStateFile.Write(FilePath, Whole());

        KeptMesh? kept = MeshStateFile.Read(FilePath);

        Assert.Null(kept!.Problem);
        MeshSnapshot read = MeshSnapshot.Empty.With(kept.Update);
        Assert.Equal("other.example", read.Settings.TrustDomain);
        Assert.False(read.Settings.AllowUnknownOutbound);
        Assert.Equal(IPAddress.Parse("10.0.0.7"), Assert.Single(read.Workloads).Addresses[0]);
        Assert.Equal("shop/a.example", Assert.Single(read.Services).Key);
        Assert.Equal(9090, Assert.Single(read.Policies).Rules[0].Clauses[0].Matches[0].DestinationPorts[0]);
        Assert.True(read.Enrolments["uid-1"].Enrolled);
        Assert.Equal("a.example", Assert.Single(read.All<RouteTable>()).Host);
        Assert.Equal("web", Assert.Single(read.Workloads).Labels["app"]);
        Assert.Equal("600", Convert.ToString((int)File.GetUnixFileMode(FilePath), 8));
        Assert.Single(Directory.GetFiles(_directory));
    }

    [Fact]
    public void No_file_is_no_state() => Assert.Null(MeshStateFile.Read(FilePath));

    [Theory]
    [InlineData(7)]
    [InlineData(20)]
    [InlineData(60)]
    public void One_byte_changed_is_refused(int at)
    {
        MeshStateFile.Write(FilePath, Whole());
        byte[] bytes = File.ReadAllBytes(FilePath);
        bytes[at] ^= 0x40;
        File.WriteAllBytes(FilePath, bytes);

        Assert.Throws<FormatException>(() => MeshStateFile.Read(FilePath));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(47)]
    [InlineData(100)]
    public void Cut_off_is_refused(int length)
    {
        MeshStateFile.Write(FilePath, Whole());
        File.WriteAllBytes(FilePath, File.ReadAllBytes(FilePath)[..length]);

        Assert.Throws<FormatException>(() => MeshStateFile.Read(FilePath));
    }

    [Fact]
    public void Readable_by_others_is_refused()
    {
        MeshStateFile.Write(FilePath, Whole());
        File.SetUnixFileMode(FilePath, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);

        Assert.Throws<IOException>(() => MeshStateFile.Read(FilePath));
    }

    [Fact]
    public void Policy_that_this_version_refuses_leaves_the_enrolments_alone()
    {
        MeshStateFile.Write(FilePath, Whole());
        var empty = new Istio.Security.Authorization { Name = "odd", Namespace = "shop", Rules = { new Istio.Security.Rule { Clauses = { new Istio.Security.Clause() } } } };
        Append(new Resource { Resource_ = new Any { TypeUrl = TypeUrls.Authorization, Value = empty.ToByteString() } });

        KeptMesh? kept = MeshStateFile.Read(FilePath);

        Assert.Contains("rules[0].clauses[0]", kept!.Problem);
        Assert.Single(kept.Update.Enrolments);
        Assert.Empty(kept.Update.Workloads);
        Assert.Empty(kept.Update.Policies);
    }

    [Fact]
    public void Writing_that_fails_leaves_the_old_one()
    {
        MeshStateFile.Write(FilePath, Whole());
        byte[] before = File.ReadAllBytes(FilePath);

        Assert.Throws<IOException>(() => StateFile.Write(FilePath, _ => throw new IOException("no space")));

        Assert.Equal(before, File.ReadAllBytes(FilePath));
        Assert.Single(Directory.GetFiles(_directory));
    }

    private void Append(Resource resource)
    {
        using var body = new MemoryStream();
        body.Write(File.ReadAllBytes(FilePath).AsSpan(48));
        resource.WriteDelimitedTo(body);
        byte[] head = File.ReadAllBytes(FilePath)[..48];
        BinaryPrimitives.WriteInt64BigEndian(head.AsSpan(8), body.Length);
        SHA256.HashData(body.ToArray()).CopyTo(head, 16);
        File.WriteAllBytes(FilePath, [.. head, .. body.ToArray()]);
    }

    private static MeshSnapshot Whole() => MeshSnapshot.Empty.With(new MeshUpdate
    {
        Settings = new MeshSettings { TrustDomain = "other.example", AllowUnknownOutbound = false },
        Workloads = [new Workload { Uid = "w1", Name = "a", Namespace = "shop", Addresses = [IPAddress.Parse("10.0.0.7")], Labels = Workload.NoLabels.Add("app", "web") }],
        Resources = [new RouteTable { Host = "a.example" }],
        Services = [new MeshService { Name = "a", Namespace = "shop", Hostname = "a.example", Ports = [new ServicePort(80, 80)] }],
        Policies = [DenyPort(9090)],
        Enrolments = [new PodEnrolment { PodUid = "uid-1", Namespace = "shop", Name = "a", ServiceAccount = "sa", Enrolled = true, WorkloadUid = "w1" }],
    });

    private static AuthorizationPolicy DenyPort(ushort port) => new()
    {
        Name = new NamespacedName("shop", "deny-port"),
        Scope = PolicyScope.Namespace,
        Action = PolicyAction.Deny,
        Rules = [new PolicyRule([new PolicyClause([new PolicyMatch { DestinationPorts = [port] }])])],
    };
}
