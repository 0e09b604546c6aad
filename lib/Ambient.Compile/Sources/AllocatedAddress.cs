using System.Net;

namespace Ambient.Compile.Sources;

/// <summary>An address of a ServiceEntry's status. <paramref name="Host"/> is empty where it says nothing of hosts: then it is for all.</summary>
internal sealed record AllocatedAddress(IPAddress Address, string Host);
