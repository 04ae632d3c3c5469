import type { Words } from './en.ts'

const changes = (n: number, text: string): string => (n === 1 ? 'Chegou 1 mudança' : `Chegaram ${text} mudanças`)

export const ptBr: Words = {
  nav: { skip: 'Ir para o conteúdo', main: 'Páginas', overview: 'Visão geral', stock: 'Estoque', reservations: 'Reservas', transfers: 'Transferências', webhooks: 'Webhooks', audit: 'Auditoria', explorer: 'Explorador', language: 'Idioma', theme: 'Tema' },
  themes: { auto: 'Automático', light: 'Claro', dark: 'Escuro' },
  connection: {
    live: 'Ao vivo', connecting: 'Conectando', lost: 'Sem conexão',
    position: 'Posição no registro', lag: 'Atraso', lagText: (n) => `${n} atrás`, upToDate: 'Em dia',
    lostSince: (time) => `A conexão caiu às ${time}. O que você vê é daquele momento; uma nova tentativa é feita sozinha.`,
    back: (time, n, text) =>
      `Conectado de novo, a partir de onde parou às ${time}. ${n === 0 ? 'Nada tinha mudado nesse meio-tempo.' : `${changes(n, text)} desse meio-tempo.`}`,
  },
  failure: { title: 'Não foi possível carregar', again: 'Tentar de novo', unreachable: 'O servidor não pode ser alcançado.' },
  quantities: {
    onHand: 'Em mãos', reserved: 'Reservado', unavailable: 'Separado', available: 'Disponível', incoming: 'A caminho',
    availableToPromise: 'Pode ser prometido', safetyStock: 'Estoque de segurança',
  },
  badges: { low: 'Baixo', out: 'Esgotado', stale: 'Do cache', closed: 'Fechado', discontinued: 'Fora de linha' },
  overview: {
    title: 'Visão geral', levels: 'Níveis de estoque', products: 'Produtos', locations: 'Locais', low: 'Baixos', out: 'Nada disponível', rate: 'Mudanças por segundo',
    rateChart: 'Mudanças, segundo a segundo', stockChart: 'Unidades em mãos ganhas ou perdidas desde que a página foi aberta',
    feed: 'Acontecendo agora', feedEmpty: 'Nada mudou desde que a página foi aberta. As mudanças aparecem aqui na hora.',
    lowTitle: 'Primeiro os mais baixos', lowEmpty: 'Nada está no ponto de reposição ou abaixo dele.', lowAll: 'Tudo o que está baixo',
    byLocation: 'Por local', kind: 'Tipo', gained: 'Ganho ou perdido',
    server: 'O servidor', subscribers: 'Assinaturas', version: 'Versão', failures: (text) => `${text} falhas`,
    breakerStates: { CLOSED: 'Funciona', HALF_OPEN: 'Em teste', OPEN: 'Fora do ar' },
    breakers: { 'event store': 'Armazém de eventos', 'event store for writing': 'Armazém de eventos, escrita', 'read model': 'Modelo de leitura' },
    emptyTitle: 'Ainda não há estoque', emptyText: 'Registre um produto, abra um local e adicione estoque no explorador, ou importe um arquivo:', emptyExplorer: 'Abrir o explorador',
  },
  kinds: { STORE: 'Loja', WAREHOUSE: 'Depósito', DROPSHIP: 'Envio direto', VIRTUAL: 'Virtual' },
  stock: {
    title: 'Estoque', search: 'Buscar', searchHint: 'SKU ou nome', location: 'Local', allLocations: 'Todos os locais',
    show: 'Mostrar', all: 'Tudo', onlyLow: 'Baixos', onlyAvailable: 'Disponíveis', nothingAvailable: 'Nada disponível',
    product: 'Produto', updated: 'Mudou', rows: (text) => `${text} níveis de estoque`,
    none: 'Nada corresponde. Tente uma busca mais curta ou outro local.', moved: 'Há linhas que mudaram de lugar', reorder: 'Ordenar',
    loading: 'Carregando',
  },
  level: {
    missing: (sku, location) => `Não há estoque de ${sku} em ${location}.`, back: 'Todo o estoque',
    chart: 'Ao longo do tempo', chartText: 'Em mãos, reservado e disponível ao longo do tempo', asOf: 'Em', now: 'agora', anyMoment: 'Qualquer momento', toNow: 'Voltar para agora', notYet: 'ainda não havia', version: (text) => `Versão ${text}`,
    history: 'Eventos', older: 'Eventos anteriores', policy: 'Política', reorderPoint: 'Ponto de reposição', reorderQuantity: 'Quantidade de reposição',
    backorderLimit: 'Limite de encomendas', allowNegative: 'Pode ficar abaixo de zero', none: 'nenhum', yes: 'sim', no: 'não',
    localTime: (zone) => `Os horários são os de ${zone}.`, noChart: 'O gráfico começa com o segundo evento.',
  },
  commands: {
    title: 'Mudar', addStock: 'Adicionar', removeStock: 'Retirar', countStock: 'Contar', setStockAside: 'Separar', putStockBack: 'Devolver', setStockPolicy: 'Política',
    quantity: 'Quantidade', counted: 'Contado', reason: 'Motivo', reference: 'Referência', referenceHint: 'Pedido ou nota de entrega', note: 'Nota', optional: 'opcional',
    send: { addStock: 'Adicionar estoque', removeStock: 'Retirar estoque', countStock: 'Registrar a contagem', setStockAside: 'Separar estoque', putStockBack: 'Devolver estoque', setStockPolicy: 'Salvar a política' },
    sending: 'Enviando…', done: 'Feito.', predicted: 'Ainda não confirmado', required: 'Escreva um número inteiro, 0 ou mais.', requiredPositive: 'Escreva um número inteiro acima de 0.',
  },
  refusals: {
    conflict: 'Mudou nesse meio-tempo. Confira e envie de novo.', ended: 'Já terminou.',
    shortage: (requested, available) => `Pedidos ${requested}, disponíveis ${available}.`,
  },
  reasons: {
    RECEIVED: 'Recebido', RETURNED: 'Devolvido por um cliente', FOUND: 'Encontrado', PRODUCED: 'Produzido', OTHER: 'Outro', SOLD: 'Vendido', DAMAGED: 'Danificado', EXPIRED: 'Vencido',
    LOST: 'Perdido', STOLEN: 'Roubado', RETURNED_TO_SUPPLIER: 'Devolvido ao fornecedor', USED: 'Usado', QUALITY_CONTROL: 'Controle de qualidade', RECALLED: 'Recolhido',
  },
  events: {
    StockAdded: 'Adicionado', StockRemoved: 'Retirado', StockCounted: 'Contado', StockSetAside: 'Separado', StockPutBack: 'Devolvido', StockPolicySet: 'Política definida',
    StockReserved: 'Reservado', ReservedStockFulfilled: 'Entregue', ReservedStockReleased: 'Reserva liberada', StockDispatched: 'Despachado', StockExpected: 'A caminho',
    ExpectedStockReceived: 'Chegou', ExpectedStockCancelled: 'Não vem mais', DispatchedStockReturned: 'Voltou',
    ProductRegistered: 'Produto registrado', ProductUpdated: 'Produto atualizado', ProductDiscontinued: 'Produto fora de linha',
    LocationOpened: 'Local aberto', LocationUpdated: 'Local atualizado', LocationClosed: 'Local fechado',
    ReservationPlaced: 'Reserva feita', ReservationExtended: 'Reserva prorrogada', ReservationFulfilled: 'Reserva entregue', ReservationReleased: 'Reserva liberada',
    ReservationExpired: 'Reserva vencida', TransferDispatched: 'Transferência enviada', TransferReceived: 'Transferência recebida', TransferCancelled: 'Transferência cancelada',
    WebhookRegistered: 'Webhook registrado', WebhookUpdated: 'Webhook atualizado', WebhookRemoved: 'Webhook removido', WebhookSecretRotated: 'Segredo do webhook trocado', WebhookRedeliveryRequested: 'Nova entrega pedida',
  },
  audit: {
    title: 'Auditoria', type: 'Evento', allTypes: 'Todos os eventos', sku: 'SKU', location: 'Local', reference: 'Referência', correlation: 'Id de correlação',
    time: 'Registrado', occurred: 'Ocorrido', what: 'O quê', where: 'Onde', who: 'Quem', why: 'Por quê', effect: 'Efeito', stream: 'Fluxo',
    json: 'JSON', follow: 'Seguir este id de correlação', older: 'Eventos anteriores', none: 'Nenhum evento corresponde.', clear: 'Limpar filtros',
    shown: (text) => `${text} eventos, os novos em cima`,
  },
  documents: {
    reference: 'Referência', status: 'Situação', contents: 'Conteúdo', lines: 'Linhas', sku: 'SKU', location: 'Local', quantity: 'Quantidade', open: 'Em aberto', noReference: 'Sem referência',
    contentsText: (lines, linesText, open, all) => `${lines === 1 ? '1 linha' : `${linesText} linhas`}, ${open} de ${all} em aberto`,
    closedText: (lines, linesText, all) => `${lines === 1 ? '1 linha' : `${linesText} linhas`}, ${all} no total`,
    show: (name) => `Linhas de ${name}`, any: 'Tudo', shown: (from, to, all) => `${from} a ${to} de ${all}`,
    previous: 'Anterior', next: 'Próxima', none: 'Nada corresponde a estes filtros.', missing: 'Não há nada com este id.', nothingChosen: 'Escreva uma quantidade acima de 0 em pelo menos uma linha.',
  },
  reservations: {
    title: 'Reservas', count: (text) => `${text} reservas`, all: 'Todas as reservas', placed: 'Feita', until: 'Até', untilEnded: 'Até que termine',
    reserved: 'Prometido', fulfilled: 'Entregue', released: 'Liberado', fulfill: 'Entregar', release: 'Liberar', extend: 'Prorrogar', minutes: 'Minutos a partir de agora',
    linesHint: 'Quantidades a entregar ou liberar; 0 deixa a linha como está.', ofLevel: 'Reservas abertas', noneOfLevel: 'Nada está prometido.',
    statuses: { OPEN: 'Aberta', FULFILLED: 'Entregue', RELEASED: 'Liberada', EXPIRED: 'Vencida' },
  },
  transfers: {
    title: 'Transferências', count: (text) => `${text} transferências`, all: 'Todas as transferências', route: 'De e para', dispatched: 'Enviada', completed: 'Concluída',
    sent: 'Enviado', received: 'Chegou', missing: 'Faltando', receive: 'Receber', cancel: 'Cancelar a transferência', arrived: 'Chega agora',
    linesHint: 'O que chegou de cada linha. Uma linha vazia continua a caminho; o que faltar do enviado é registrado como faltante.',
    willMiss: (text) => `${text} serão registrados como faltantes.`, ofLevel: 'A caminho', noneOfLevel: 'Nada está a caminho daqui ou para cá.',
    statuses: { IN_TRANSIT: 'A caminho', RECEIVED: 'Recebida', CANCELLED: 'Cancelada' },
  },
  session: {
    title: 'Entrar', hint: 'Este servidor quer saber quem é você. Cole o token que recebeu: ele fica guardado enquanto esta aba estiver aberta.', token: 'Token',
    refused: 'Este token não é aceito, ou não é mais.', signIn: 'Entrar', signOut: 'Sair',
    roles: { READER: 'Leitor', CLERK: 'Atendente', MANAGER: 'Gerente', ADMIN: 'Administrador' },
  },
  webhooks: {
    title: 'Webhooks', none: 'Ninguém é avisado dos eventos ainda.', url: 'Endereço', types: 'Eventos', typesHint: 'Nenhum escolhido: todos os eventos.', allTypes: 'Todos os eventos', created: 'Registrado',
    register: 'Registrar um webhook', enabled: 'Ativo', disabled: 'Inativo', enable: 'Ativar', disable: 'Desativar', rotate: 'Novo segredo', remove: 'Remover', removeSurely: 'Remover de vez',
    secret: 'O segredo de assinatura.', secretHint: 'É mostrado só desta vez: copie-o agora.', secretSeen: 'Já copiei',
    deliveries: 'Entregas', noDeliveries: 'Nada foi entregue ainda.', event: 'Evento', attempts: 'Tentativas', answer: 'Resposta', next: 'próxima às', redeliver: 'Entregar de novo',
    statuses: { PENDING: 'Aguardando', DELIVERED: 'Entregue', FAILED: 'Falhou' },
  },
}
