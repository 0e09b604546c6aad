using System.Buffers.Binary;
using System.Security.Cryptography;
using Ambient.Core;
using Ambient.Discovery;
using Ambient.Discovery.Codec;
using Ambient.Discovery.Codec.Resources;
using Ambient.Proxy.Keeping;
using Envoy.Service.Discovery.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Ambient.Proxy.Mesh;

/// <summary>
/// The mesh on disk, so that a proxy that starts while the operator is away decides as the last one did.
/// <code>
/// 8 bytes  "ambmesh" and the version, 1
/// 8 bytes  length of the rest after the digest, big-endian
/// 32 bytes SHA-256 of the rest
/// rest     envoy.service.discovery.v3.Resource, each after its length (varint): the types of the discovery stream
/// </code>
/// Written beside and renamed over. What does not match its digest is not read at all.
/// </summary>
internal static class MeshStateFile
{
    internal const long MaxBytes = 256L * 1024 * 1024;
    private const int HeadLength = 48, DigestAt = 16, MaxResource = ResourceCodec.MaxBytes + 64 * 1024;

    private static ReadOnlySpan<byte> Magic => "ambmesh\u0001"u8;

    /// <exception cref="IOException">The disk, or more than <see cref="MaxBytes"/>; what was there before stays.</exception>
    internal static void Write(string path, MeshSnapshot mesh) => StateFile.Write(path, file =>
    {
        file.Write(new byte[HeadLength]);
        byte[] digest;
        using (var sha = SHA256.Create())
        {
            using (var hashed = new CryptoStream(file, sha, CryptoStreamMode.Write, leaveOpen: true))
            using (var body = new BufferedStream(hashed, 64 * 1024))
            {
                WriteResources(body, mesh, file);
            }

            digest = sha.Hash!;
        }

        Span<byte> head = stackalloc byte[HeadLength];
        Magic.CopyTo(head);
        BinaryPrimitives.WriteInt64BigEndian(head[8..], file.Position - HeadLength);
        digest.CopyTo(head[DigestAt..]);
        file.Position = 0;
        file.Write(head);
    });

    /// <summary>Null when there is none.</summary>
    /// <exception cref="IOException">Not to be read, not ours alone.</exception>
    /// <exception cref="FormatException">Another version, cut off or changed.</exception>
    internal static KeptMesh? Read(string path)
    {
        using FileStream? file = StateFile.OpenOwn(path);
        if (file is null)
        {
            return null;
        }

        byte[] head = new byte[HeadLength];
        if (file.ReadAtLeast(head, HeadLength, throwOnEndOfStream: false) < HeadLength || !head.AsSpan(0, 8).SequenceEqual(Magic))
        {
            throw new FormatException("it is no state of the mesh, or of another version");
        }

        if (file.Length > MaxBytes || BinaryPrimitives.ReadInt64BigEndian(head.AsSpan(8)) != file.Length - HeadLength
            || !SHA256.HashData(file).AsSpan().SequenceEqual(head.AsSpan(DigestAt)))
        {
            throw new FormatException("it was cut off or changed");
        }

        file.Position = HeadLength;
        return ReadResources(file);
    }

    private static void WriteResources(Stream body, MeshSnapshot mesh, FileStream file)
    {
        Put(TypeUrls.Settings, SettingsCodec.ToProto(mesh.Settings));
        foreach (var enrolment in mesh.Enrolments.Values)
        {
            Put(TypeUrls.Enrolment, EnrolmentCodec.ToProto(enrolment));
        }

        foreach (var policy in mesh.Policies)
        {
            Put(TypeUrls.Authorization, PolicyCodec.ToProto(policy));
        }

        foreach (var resource in mesh.Resources)
        {
            Put(TypeUrls.Resource, ResourceCodec.ToProto(resource));
        }

        foreach (var service in mesh.Services)
        {
            Put(TypeUrls.Address, new Istio.Workload.Address { Service = ServiceCodec.ToProto(service) });
        }

        foreach (var workload in mesh.Workloads)
        {
            Put(TypeUrls.Address, new Istio.Workload.Address { Workload = WorkloadCodec.ToProto(workload) });
        }

        void Put(string type, IMessage message)
        {
            new Resource { Resource_ = new Any { TypeUrl = type, Value = message.ToByteString() } }.WriteDelimitedTo(body);
            if (file.Position > MaxBytes)
            {
                throw new IOException($"the mesh is larger than {MaxBytes / (1024 * 1024)} MiB and is not kept");
            }
        }
    }

    // A resource that this version refuses would leave the rest wider than it was: then only the enrolments count, and
    // captured pods are refused until the operator says.
    private static KeptMesh ReadResources(FileStream file)
    {
        var all = new MeshResources();
        var enrolments = new MeshResources();
        string? problem = null;
        while (file.Position < file.Length)
        {
            Any? any = Next(file).Resource_;
            try
            {
                IMessage message = Parse(any);
                all.Add(message);
                if (any!.TypeUrl == TypeUrls.Enrolment)
                {
                    enrolments.Add(message);
                }
            }
            catch (Exception e) when (e is CodecException or InvalidProtocolBufferException or FormatException)
            {
                problem ??= $"{any?.TypeUrl}: {e.Message}";
            }
        }

        return new KeptMesh((problem is null ? all : enrolments).Since(new MeshResources()), problem);
    }

    private static Resource Next(FileStream file)
    {
        int length = 0, shift = 0, read;
        do
        {
            read = file.ReadByte();
            length |= (read & 0x7f) << shift;
            shift += 7;
        }
        while (read >= 0x80 && shift <= 28);

        if (read is < 0 or >= 0x80 || length is < 0 or > MaxResource)
        {
            throw new FormatException("a resource's length makes no sense");
        }

        byte[] bytes = new byte[length];
        file.ReadExactly(bytes);
        return Resource.Parser.ParseFrom(bytes);
    }

    private static IMessage Parse(Any? any) => any?.TypeUrl switch
    {
        TypeUrls.Address => Istio.Workload.Address.Parser.ParseFrom(any.Value),
        TypeUrls.Authorization => Istio.Security.Authorization.Parser.ParseFrom(any.Value),
        TypeUrls.Enrolment => Ambient.Enrolment.V1.PodEnrolment.Parser.ParseFrom(any.Value),
        TypeUrls.Resource => Ambient.Wire.V1.ProxyResource.Parser.ParseFrom(any.Value),
        TypeUrls.Settings => Ambient.Mesh.V1.MeshSettings.Parser.ParseFrom(any.Value),
        _ => throw new FormatException("not a type that is kept"),
    };
}
