using System.Net;
using Ambient.Core;
using Ambient.Core.Workloads;
using Ambient.Discovery.Codec;
using Google.Protobuf;

namespace Ambient.Discovery.Tests.Codec;

/// <summary>The types that only this mesh knows.</summary>
public sealed class OwnCodecTests
{
    [Fact]
    public void Enrolment_EveryFieldSet_ComesBack()
    {
        PodEnrolment enrolment = Mesh.Enrolment("uid-1") with
        {
            WorkloadUid = "Kubernetes//Pod/shop/orders-1",
            ExcludedInboundPorts = [22],
            ExcludedOutboundPorts = [53, 65535],
            ExcludedOutboundRanges = [IPNetwork.Parse("169.254.169.254/32"), IPNetwork.Parse("fd00::/8")],
            BypassInbound = true,
            DnsCapture = false,
        };
        byte[] bytes = EnrolmentCodec.ToProto(enrolment).ToByteArray();
        Same.Content(enrolment, EnrolmentCodec.FromProto(Ambient.Enrolment.V1.PodEnrolment.Parser.ParseFrom(bytes)));
    }

    [Fact]
    public void Enrolment_BadPort_NamesIt()
    {
        Ambient.Enrolment.V1.PodEnrolment proto = EnrolmentCodec.ToProto(Mesh.Enrolment("u"));
        proto.ExcludedInboundPorts.Add(70000);
        Assert.Equal("excluded_inbound_ports[0]", Assert.Throws<CodecException>(() => EnrolmentCodec.FromProto(proto)).Field);
    }

    [Fact]
    public void Settings_EveryFieldSet_ComesBack()
    {
        var settings = new MeshSettings
        {
            TrustDomain = "example.org",
            TrustDomainAliases = ["old.example"],
            ClusterDomain = "k8s.local",
            AllowUnknownOutbound = false,
            AccessLog = false,
            PathNormalization = Core.Requests.PathNormalization.DecodeAndMergeSlashes,
        };
        byte[] bytes = SettingsCodec.ToProto(settings).ToByteArray();
        Same.Content(settings, SettingsCodec.FromProto(Ambient.Mesh.V1.MeshSettings.Parser.ParseFrom(bytes)));
    }

    [Fact]
    public void Settings_BadTrustDomain_NamesIt()
    {
        Ambient.Mesh.V1.MeshSettings proto = SettingsCodec.ToProto(new MeshSettings());
        proto.TrustDomainAliases.Add("Upper");
        Assert.Equal("trust_domain_aliases[0]", Assert.Throws<CodecException>(() => SettingsCodec.FromProto(proto)).Field);
    }

    [Fact]
    public void DiscoveryMessages_Filled_HaveTheNumbersOnTheWire()
    {
        var request = new Envoy.Service.Discovery.V3.DeltaDiscoveryRequest
        {
            Node = new() { Id = "n", Cluster = "c" },
            TypeUrl = "t",
            ResourceNamesSubscribe = { "a" },
            ResourceNamesUnsubscribe = { "b" },
            InitialResourceVersions = { ["k"] = "v" },
            ResponseNonce = "1",
            ErrorDetail = new() { Code = 3, Message = "m" },
        };
        Assert.Equal("0A060A016E120163" + "120174" + "1A0161" + "220162" + "2A060A016B120176" + "320131" + "3A050803" + "12016D", Hex(request));
        var response = new Envoy.Service.Discovery.V3.DeltaDiscoveryResponse
        {
            SystemVersionInfo = "7",
            Resources = { new Envoy.Service.Discovery.V3.Resource { Version = "v", Resource_ = new() { TypeUrl = "t" }, Name = "n", Aliases = { "a" } } },
            TypeUrl = "t",
            Nonce = "1",
            RemovedResources = { "r" },
        };
        Assert.Equal("0A0137" + "120E" + "0A0176" + "12030A0174" + "1A016E" + "220161" + "220174" + "2A0131" + "320172", Hex(response));
    }

    [Fact]
    public void CertificateMessages_Filled_HaveTheNumbersOnTheWire()
    {
        var request = new Istio.V1.Auth.IstioCertificateRequest { Csr = "c", ValidityDuration = 60, Metadata = new() };
        Assert.Equal("0A0163" + "183C" + "2200", Hex(request));
        Assert.Equal("0A0161" + "0A0162", Hex(new Istio.V1.Auth.IstioCertificateResponse { CertChain = { "a", "b" } }));
    }

    private static string Hex(IMessage message) => Convert.ToHexString(message.ToByteArray());
}
