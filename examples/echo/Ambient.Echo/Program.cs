using Ambient.Echo;

return args is ["call", .. var rest]
    ? await Caller.RunAsync(rest).ConfigureAwait(false)
    : await EchoServer.RunAsync(args).ConfigureAwait(false);
